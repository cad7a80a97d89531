export interface Architecture {
  /** Value in option 93. */
  code: number;
  name: string;
  /** The file is named by a URL and fetched over HTTP. */
  http: boolean;
  /** What runs on the machine: its program has to be for this. */
  cpu: Cpu;
  firmware: 'bios' | 'uefi' | 'u-boot' | 'open-firmware' | 'rpi' | 'other';
}

export type Cpu =
  | 'x86'
  | 'x64'
  | 'ia64'
  | 'alpha'
  | 'arm32'
  | 'arm64'
  | 'ppc'
  | 'riscv32'
  | 'riscv64'
  | 'riscv128'
  | 's390'
  | 'mips32'
  | 'mips64'
  | 'sunway32'
  | 'sunway64'
  | 'loongarch32'
  | 'loongarch64'
  | 'ebc';

const row = (
  code: number,
  name: string,
  cpu: Cpu,
  firmware: Architecture['firmware'],
  { http = false }: { http?: boolean } = {},
): Architecture => ({ code, name, http, cpu, firmware });
const HTTP = { http: true };

/**
 * The IANA registry of processor architecture types. The text of RFC 4578 has 7 and 9 the other way round (erratum 4624); machines
 * follow the registry, and 9 has been seen from x64 firmware too.
 */
export const ARCHITECTURES: readonly Architecture[] = [
  row(0, 'x86 BIOS', 'x86', 'bios'),
  row(1, 'NEC/PC98', 'x86', 'other'),
  row(2, 'Itanium', 'ia64', 'uefi'),
  row(3, 'DEC Alpha', 'alpha', 'other'),
  row(4, 'Arc x86', 'x86', 'other'),
  row(5, 'Intel Lean Client', 'x86', 'other'),
  row(6, 'x86 UEFI', 'x86', 'uefi'),
  row(7, 'x64 UEFI', 'x64', 'uefi'),
  row(8, 'EFI Xscale', 'arm32', 'uefi'),
  row(9, 'EBC', 'ebc', 'uefi'),
  row(10, 'ARM 32-bit UEFI', 'arm32', 'uefi'),
  row(11, 'ARM 64-bit UEFI', 'arm64', 'uefi'),
  row(12, 'PowerPC Open Firmware', 'ppc', 'open-firmware'),
  row(13, 'PowerPC ePAPR', 'ppc', 'other'),
  row(14, 'POWER OPAL v3', 'ppc', 'other'),
  row(15, 'x86 UEFI boot from HTTP', 'x86', 'uefi', HTTP),
  row(16, 'x64 UEFI boot from HTTP', 'x64', 'uefi', HTTP),
  row(17, 'EBC boot from HTTP', 'ebc', 'uefi', HTTP),
  row(18, 'ARM UEFI 32 boot from HTTP', 'arm32', 'uefi', HTTP),
  row(19, 'ARM UEFI 64 boot from HTTP', 'arm64', 'uefi', HTTP),
  row(20, 'PC/AT BIOS boot from HTTP', 'x86', 'bios', HTTP),
  row(21, 'ARM 32 U-Boot', 'arm32', 'u-boot'),
  row(22, 'ARM 64 U-Boot', 'arm64', 'u-boot'),
  row(23, 'ARM U-Boot 32 boot from HTTP', 'arm32', 'u-boot', HTTP),
  row(24, 'ARM U-Boot 64 boot from HTTP', 'arm64', 'u-boot', HTTP),
  row(25, 'RISC-V 32-bit UEFI', 'riscv32', 'uefi'),
  row(26, 'RISC-V 32-bit UEFI boot from HTTP', 'riscv32', 'uefi', HTTP),
  row(27, 'RISC-V 64-bit UEFI', 'riscv64', 'uefi'),
  row(28, 'RISC-V 64-bit UEFI boot from HTTP', 'riscv64', 'uefi', HTTP),
  row(29, 'RISC-V 128-bit UEFI', 'riscv128', 'uefi'),
  row(30, 'RISC-V 128-bit UEFI boot from HTTP', 'riscv128', 'uefi', HTTP),
  row(31, 's390 Basic', 's390', 'other'),
  row(32, 's390 Extended', 's390', 'other'),
  row(33, 'MIPS 32-bit UEFI', 'mips32', 'uefi'),
  row(34, 'MIPS 64-bit UEFI', 'mips64', 'uefi'),
  row(35, 'Sunway 32-bit UEFI', 'sunway32', 'uefi'),
  row(36, 'Sunway 64-bit UEFI', 'sunway64', 'uefi'),
  row(37, 'LoongArch 32-bit UEFI', 'loongarch32', 'uefi'),
  row(38, 'LoongArch 32-bit UEFI boot from HTTP', 'loongarch32', 'uefi', HTTP),
  row(39, 'LoongArch 64-bit UEFI', 'loongarch64', 'uefi'),
  row(40, 'LoongArch 64-bit UEFI boot from HTTP', 'loongarch64', 'uefi', HTTP),
  row(41, 'ARM rpiboot', 'arm64', 'rpi'),
];

/** The row of an architecture type; undefined for a number the registry does not have. */
export function architecture(code: number): Architecture | undefined {
  return ARCHITECTURES[code];
}
