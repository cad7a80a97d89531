/** What kind of boot program a client can run. `bios` also stands for clients that do not say. */
export const PLATFORMS = ['bios', 'uefi-x64', 'uefi-ia32', 'uefi-arm64', 'uefi-arm32', 'uefi-http-x64', 'uefi-http-arm64', 'rpi'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** Client architecture types (option 93; RFC 4578 section 2.1 and the IANA registry). EDK2 sends 7 for x64, not 9. */
const BY_CODE: Record<number, Platform> = {
  0: 'bios',
  6: 'uefi-ia32',
  7: 'uefi-x64',
  9: 'uefi-x64',
  10: 'uefi-arm32',
  11: 'uefi-arm64',
  16: 'uefi-http-x64',
  19: 'uefi-http-arm64',
  41: 'rpi',
};

/** The platform of an architecture code; `undefined` for machines we have no boot program for (Itanium, RISC-V ...). */
export function platformOf(architecture: number | undefined): Platform | undefined {
  return architecture === undefined ? 'bios' : BY_CODE[architecture];
}

/** The code a client of a platform sends. */
export function architectureOf(platform: Platform): number {
  return {
    bios: 0,
    'uefi-x64': 7,
    'uefi-ia32': 6,
    'uefi-arm64': 11,
    'uefi-arm32': 10,
    'uefi-http-x64': 16,
    'uefi-http-arm64': 19,
    rpi: 41,
  }[platform];
}
