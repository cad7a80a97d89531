/**
 * Modules of SYSLINUX 6.04 (BIOS) and the libraries each one needs, from their ELF headers. `ldlinux.c32` is always needed.
 */
export const MODULES: Readonly<Record<string, readonly string[]>> = {
  'cat.c32': [],
  'chain.c32': ['libutil.c32', 'libcom32.c32'],
  'cmd.c32': ['libcom32.c32'],
  'cmenu.c32': ['libmenu.c32'],
  'config.c32': ['libcom32.c32'],
  'cptime.c32': ['libutil.c32'],
  'cpu.c32': ['libgpl.c32'],
  'cpuid.c32': [],
  'cpuidtest.c32': ['libgpl.c32'],
  'debug.c32': [],
  'dhcp.c32': ['libcom32.c32'],
  'dir.c32': [],
  'disk.c32': ['libgpl.c32'],
  'dmi.c32': ['libgpl.c32'],
  'dmitest.c32': ['libgpl.c32'],
  'elf.c32': ['libcom32.c32'],
  'ethersel.c32': ['libcom32.c32'],
  'gfxboot.c32': ['libcom32.c32'],
  'gpxecmd.c32': ['libcom32.c32'],
  'hdt.c32': ['libutil.c32', 'libgpl.c32', 'libcom32.c32', 'libmenu.c32'],
  'hexdump.c32': ['libcom32.c32'],
  'host.c32': [],
  'ifcpu.c32': ['libutil.c32', 'libgpl.c32', 'libcom32.c32'],
  'ifcpu64.c32': ['libcom32.c32'],
  'ifmemdsk.c32': ['libcom32.c32'],
  'ifplop.c32': ['libcom32.c32'],
  'kbdmap.c32': ['libcom32.c32'],
  'kontron_wdt.c32': ['libcom32.c32'],
  'ldlinux.c32': [],
  'lfs.c32': [],
  'libcom32.c32': [],
  'libgpl.c32': [],
  'liblua.c32': [],
  'libmenu.c32': ['libutil.c32', 'libcom32.c32'],
  'libutil.c32': [],
  'linux.c32': ['libcom32.c32'],
  'ls.c32': [],
  'lua.c32': ['liblua.c32', 'libcom32.c32'],
  'mboot.c32': ['libcom32.c32'],
  'meminfo.c32': [],
  'menu.c32': ['libutil.c32'],
  'pci.c32': ['libcom32.c32'],
  'pcitest.c32': ['libcom32.c32'],
  'pmload.c32': ['libcom32.c32'],
  'poweroff.c32': [],
  'prdhcp.c32': ['libutil.c32', 'libcom32.c32'],
  'pwd.c32': [],
  'pxechn.c32': ['libutil.c32', 'libcom32.c32'],
  'reboot.c32': ['libcom32.c32'],
  'rosh.c32': ['libutil.c32', 'libcom32.c32'],
  'sanboot.c32': ['libcom32.c32'],
  'sdi.c32': ['libcom32.c32'],
  'sysdump.c32': ['libcom32.c32'],
  'syslinux.c32': ['libcom32.c32'],
  'vesa.c32': ['libcom32.c32'],
  'vesainfo.c32': [],
  'vesamenu.c32': ['libutil.c32', 'libcom32.c32'],
  'vpdtest.c32': ['libgpl.c32'],
  'whichsys.c32': ['libcom32.c32'],
  'zzjson.c32': ['libgpl.c32'],
};

/** Modules that show a menu made from the configuration. */
export const MENU_MODULES: readonly string[] = ['menu.c32', 'vesamenu.c32'];

/**
 * All libraries a module needs, in the order they are loaded (seen on the real loader): the last one it names first, each
 * followed by what it needs itself.
 */
export function librariesOf(module: string): string[] {
  const found: string[] = [];
  const pending = [...(MODULES[module] ?? [])];
  for (let library = pending.pop(); library !== undefined; library = pending.pop()) {
    if (found.includes(library)) continue;
    found.push(library);
    pending.push(...(MODULES[library] ?? []));
  }
  return found;
}
