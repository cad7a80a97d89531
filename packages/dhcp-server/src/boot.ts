import type { OptionValues } from './options.js';

/** Kinds of network boot clients. `http-*` are UEFI HTTP boot; `ipxe` is iPXE whatever it runs on. */
export type BootKind =
  | 'bios'
  | 'uefi-x86'
  | 'uefi-x64'
  | 'uefi-arm'
  | 'uefi-arm64'
  | 'uefi-riscv32'
  | 'uefi-riscv64'
  | 'uefi-loongarch32'
  | 'uefi-loongarch64'
  | 'http-bios'
  | 'http-x86'
  | 'http-x64'
  | 'http-arm'
  | 'http-arm64'
  | 'http-riscv32'
  | 'http-riscv64'
  | 'http-loongarch32'
  | 'http-loongarch64'
  | 'ipxe'
  | 'raspberry-pi'
  | 'u-boot'
  | 'other';

/** What a client shall boot. */
export interface BootAnswer {
  /** Boot file: header `file` and option 67. For UEFI HTTP boot a URL. */
  filename?: string;
  /** TFTP server: `siaddr`. Default: the subnet's `nextServer`, else the address the client reaches this server at. */
  nextServer?: string;
  /** Server name: header `sname` and option 66. Default: `nextServer` as text in option 66. */
  serverName?: string;
  /** More option values, sent whether the client asked for them or not (pxelinux 208-211, iPXE 175, 17 …). */
  options?: OptionValues;
  /** A menu of boot servers for PXE firmware. With a menu the file is what its items say. */
  menu?: BootMenu;
}

/** PXE 2.1 boot menu (option 43). The firmware shows it and asks for the chosen item on port 4011. */
export interface BootMenu {
  /** Shown while the time runs, e.g. `Press F8 for boot menu`. */
  prompt?: string;
  /** Seconds until the first item boots: 0 boots it at once, 255 waits for ever. Default 0. */
  timeout?: number;
  items: BootMenuItem[];
}

export interface BootMenuItem {
  label: string;
  /** PXE boot server type: 0 local boot, 32768-65534 free. Default: numbered from 32768 in order, 0 if there is no file. */
  type?: number;
  /** The file for this item; layer n of a boot item gets it with `.n` behind it where n is not 0. */
  filename?: string;
  /** Boot servers for this type. Default: the address the client reaches this server at. */
  servers?: string[];
}

/** A boot file, a whole answer, or `null` for none. The kind of client chooses; `default` is for kinds not listed. */
export type BootTable = Partial<Record<BootKind | 'default', string | BootAnswer | null>>;

const ARCHITECTURES: Record<number, BootKind> = {
  0: 'bios',
  6: 'uefi-x86',
  // RFC 4578 had 7 and 9 swapped (erratum 4624); firmware sends either for x64.
  7: 'uefi-x64',
  9: 'uefi-x64',
  10: 'uefi-arm',
  11: 'uefi-arm64',
  15: 'http-x86',
  16: 'http-x64',
  17: 'http-x64',
  18: 'http-arm',
  19: 'http-arm64',
  20: 'http-bios',
  21: 'u-boot',
  22: 'u-boot',
  23: 'u-boot',
  24: 'u-boot',
  25: 'uefi-riscv32',
  26: 'http-riscv32',
  27: 'uefi-riscv64',
  28: 'http-riscv64',
  37: 'uefi-loongarch32',
  38: 'http-loongarch32',
  39: 'uefi-loongarch64',
  40: 'http-loongarch64',
  41: 'raspberry-pi',
};

/** The kind of the first architecture type (option 93) that is known, or `other`. */
export function architectureKind(types: readonly number[]): BootKind {
  for (const type of types) {
    const kind = ARCHITECTURES[type];
    if (kind !== undefined) return kind;
  }
  return 'other';
}

/** The row of the first table that speaks about this kind of client. `null` ends the search: no boot answer. */
export function lookUpBoot(kind: BootKind, tables: readonly (BootTable | undefined)[]): BootAnswer | undefined {
  for (const table of tables) {
    const row = table?.[kind] !== undefined ? table[kind] : table?.default;
    if (row === undefined) continue;
    if (row === null) return undefined;
    return typeof row === 'string' ? { filename: row } : row;
  }
  return undefined;
}
