import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Platform } from './platforms.js';

/** A boot program: the name clients ask for, the file, and the files beside it that it asks for by itself. */
export interface Loader {
  /** Path in the boot tree. */
  name: string;
  /** File on this machine. */
  file: string;
  /** What it reads its configuration from. */
  kind: 'pxelinux' | 'grub' | 'ipxe' | 'other';
  /** Further files by their names in the boot tree: the GRUB that shim loads, say. */
  companions: Record<string, string>;
}

/** Folders of installed packages (Debian, Fedora and its kin, Arch, openSUSE). */
const SYSLINUX_FOLDERS = ['/usr/lib/PXELINUX', '/usr/share/syslinux', '/usr/lib/syslinux/bios', '/usr/lib/syslinux'];
const MODULE_FOLDERS = {
  bios: ['/usr/lib/syslinux/modules/bios', '/usr/share/syslinux', '/usr/lib/syslinux/bios'],
  'uefi-x64': ['/usr/lib/syslinux/modules/efi64', '/usr/share/syslinux/efi64', '/usr/lib/syslinux/efi64'],
  'uefi-ia32': ['/usr/lib/syslinux/modules/efi32', '/usr/share/syslinux/efi32', '/usr/lib/syslinux/efi32'],
} as const;
const RASPBERRY_PI_FOLDERS = ['/usr/lib/raspi-firmware', '/boot/firmware'];

interface Candidate {
  kind: Loader['kind'];
  name: string;
  files: string[];
  /** Names in the boot tree and where they may be; all must be found. */
  companions?: Record<string, string[]>;
}

const SHIM = (cpu: 'x64' | 'aa64', grub: 'x86_64' | 'arm64'): Candidate => ({
  kind: 'grub',
  name: `shim${cpu}.efi`,
  files: [
    `/usr/lib/shim/shim${cpu}.efi.signed`,
    `/usr/lib/shim/shim${cpu}.efi`,
    `/boot/efi/EFI/fedora/shim${cpu}.efi`,
    `/boot/efi/EFI/redhat/shim${cpu}.efi`,
  ],
  companions: {
    [`grub${cpu}.efi`]: [
      `/usr/lib/grub/${grub}-efi-signed/grubnet${cpu}.efi.signed`,
      `/boot/efi/EFI/fedora/grub${cpu}.efi`,
      `/boot/efi/EFI/redhat/grub${cpu}.efi`,
    ],
  },
});
const IPXE = (name: string, ...files: string[]): Candidate => ({
  kind: 'ipxe',
  name,
  files: [name, ...files].flatMap((file) => [`/usr/lib/ipxe/${file}`, `/usr/share/ipxe/${file}`, `/boot/${file}`]),
});
const pxelinux = (name: string, folders: readonly string[], alternatives: string[] = [name]): Candidate => ({
  kind: 'pxelinux',
  name,
  files: folders.flatMap((folder) => alternatives.map((file) => join(folder, file))),
});

/** Which boot programs are looked for, best first. */
const CANDIDATES: Record<Platform, Candidate[]> = {
  bios: [pxelinux('pxelinux.0', SYSLINUX_FOLDERS), IPXE('undionly.kpxe')],
  'uefi-x64': [
    SHIM('x64', 'x86_64'),
    pxelinux(
      'efi64/syslinux.efi',
      ['/usr/lib/SYSLINUX.EFI/efi64', '/usr/share/syslinux/efi64', '/usr/lib/syslinux/efi64'],
      ['syslinux.efi'],
    ),
    IPXE('ipxe.efi', 'ipxe-x86_64.efi', 'snponly.efi'),
  ],
  'uefi-ia32': [pxelinux('efi32/syslinux.efi', ['/usr/lib/SYSLINUX.EFI/efi32', '/usr/share/syslinux/efi32'], ['syslinux.efi'])],
  'uefi-arm64': [SHIM('aa64', 'arm64'), IPXE('ipxe-arm64.efi', 'arm64-efi/ipxe.efi', 'arm64-efi/snponly.efi')],
  'uefi-arm32': [],
  // GRUB cannot find its server when the firmware loaded it over HTTP, so iPXE comes first here.
  'uefi-http-x64': [
    IPXE('ipxe.efi', 'ipxe-x86_64.efi', 'snponly.efi'),
    pxelinux(
      'efi64/syslinux.efi',
      ['/usr/lib/SYSLINUX.EFI/efi64', '/usr/share/syslinux/efi64', '/usr/lib/syslinux/efi64'],
      ['syslinux.efi'],
    ),
    SHIM('x64', 'x86_64'),
  ],
  'uefi-http-arm64': [IPXE('ipxe-arm64.efi', 'arm64-efi/ipxe.efi', 'arm64-efi/snponly.efi'), SHIM('aa64', 'arm64')],
  rpi: [
    {
      kind: 'other',
      name: 'start4.elf',
      files: RASPBERRY_PI_FOLDERS.map((folder) => join(folder, 'start4.elf')),
      companions: { 'fixup4.dat': RASPBERRY_PI_FOLDERS.map((folder) => join(folder, 'fixup4.dat')) },
    },
  ],
};

const PACKAGES: Record<Platform, string> = {
  bios: 'pxelinux and syslinux-common',
  'uefi-x64': 'shim-signed and grub-efi-amd64-signed, or syslinux-efi',
  'uefi-ia32': 'syslinux-efi',
  'uefi-arm64': 'shim-signed and grub-efi-arm64-signed',
  'uefi-arm32': 'a GRUB or U-Boot built for the board',
  'uefi-http-x64': 'ipxe, or syslinux-efi',
  'uefi-http-arm64': 'ipxe',
  rpi: 'raspi-firmware',
};

/** The Debian packages that hold a boot program for a platform. */
export function loaderPackages(platform: Platform): string {
  return PACKAGES[platform];
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** What a boot program reads, told from its name. */
export function loaderKind(name: string): Loader['kind'] {
  const file = basename(name).toLowerCase();
  if (/pxelinux|syslinux/.test(file)) return 'pxelinux';
  if (/grub|shim|^boot(x64|aa64|ia32)\.efi$|^core\.efi$/.test(file)) return 'grub';
  return /ipxe|undionly|snponly|\.kpxe$/.test(file) ? 'ipxe' : 'other';
}

function locate(candidate: Candidate, folders: readonly string[]): Loader | undefined {
  const near = (name: string) => folders.flatMap((folder) => [join(folder, name), join(folder, basename(name))]);
  const file = [...near(candidate.name), ...candidate.files].find(isFile);
  if (file === undefined) return undefined;
  const companions: Record<string, string> = {};
  for (const [name, files] of Object.entries(candidate.companions ?? {})) {
    const found = [join(dirname(file), name), ...near(name), ...files].find(isFile);
    if (found === undefined) return undefined;
    companions[name] = found;
  }
  return { name: candidate.name, file, kind: candidate.kind, companions };
}

/** The boot program of a platform: the named one, else the best found in the folders, else in an installed package. */
export function findLoader(
  platform: Platform,
  { named, folders }: { named?: string | undefined; folders: readonly string[] },
): Loader | undefined {
  if (named === undefined) {
    for (const candidate of CANDIDATES[platform]) {
      const found = locate(candidate, folders);
      if (found) return found;
    }
    return undefined;
  }
  const candidate = CANDIDATES[platform].find(({ name }) => basename(name) === basename(named));
  const found = candidate && locate({ ...candidate, name: named }, folders);
  if (found) return found;
  const file = folders.map((folder) => join(folder, named)).find(isFile);
  return file === undefined ? undefined : { name: named, file, kind: loaderKind(named), companions: {} };
}

/** The library modules (`*.c32`, `ldlinux.e64`) for a SYSLINUX boot program, by name. */
export function syslinuxModules(platform: Platform, folders: readonly string[] = []): Map<string, string> {
  const modules = new Map<string, string>();
  const known = MODULE_FOLDERS[platform as keyof typeof MODULE_FOLDERS] ?? [];
  for (const folder of [...folders, ...known]) {
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder)) {
      if (/\.(c32|e32|e64)$/.test(name) && !modules.has(name)) modules.set(name, join(folder, name));
    }
  }
  return modules;
}
