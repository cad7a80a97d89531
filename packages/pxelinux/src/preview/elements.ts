import type { ColorSetting } from '../model.js';

/** One element of the menu that `MENU COLOR` can paint. */
export interface ElementStyle {
  /** SGR parameters, for menu.c32: `1;36;44`. */
  ansi: string;
  /** `#aarrggbb`, for vesamenu.c32. */
  fg: string;
  bg: string;
  shadow: string;
}

/** The elements in the order of menu.c32's colour table, with their defaults (seen in SYSLINUX 6.04). */
export const ELEMENT_DEFAULTS = {
  screen: { ansi: '37;40', fg: '#80ffffff', bg: '#00000000', shadow: 'std' },
  border: { ansi: '30;44', fg: '#40000000', bg: '#00000000', shadow: 'std' },
  title: { ansi: '1;36;44', fg: '#c00090f0', bg: '#00000000', shadow: 'std' },
  unsel: { ansi: '37;44', fg: '#90ffffff', bg: '#00000000', shadow: 'std' },
  hotkey: { ansi: '1;37;44', fg: '#ffffffff', bg: '#00000000', shadow: 'std' },
  sel: { ansi: '7;37;40', fg: '#e0000000', bg: '#20ff8000', shadow: 'all' },
  hotsel: { ansi: '1;7;37;40', fg: '#e0400000', bg: '#20ff8000', shadow: 'all' },
  scrollbar: { ansi: '30;44', fg: '#40000000', bg: '#00000000', shadow: 'std' },
  tabmsg: { ansi: '31;40', fg: '#90ffff00', bg: '#00000000', shadow: 'std' },
  cmdmark: { ansi: '1;36;40', fg: '#c000ffff', bg: '#00000000', shadow: 'std' },
  cmdline: { ansi: '37;40', fg: '#c0ffffff', bg: '#00000000', shadow: 'std' },
  pwdborder: { ansi: '30;47', fg: '#80ffffff', bg: '#20ffffff', shadow: 'std' },
  pwdheader: { ansi: '31;47', fg: '#80ff8080', bg: '#20ffffff', shadow: 'std' },
  pwdentry: { ansi: '30;47', fg: '#80ffffff', bg: '#20ffffff', shadow: 'std' },
  timeout_msg: { ansi: '37;40', fg: '#80ffffff', bg: '#00000000', shadow: 'std' },
  timeout: { ansi: '1;37;40', fg: '#c0ffffff', bg: '#00000000', shadow: 'std' },
  help: { ansi: '37;40', fg: '#c0ffffff', bg: '#00000000', shadow: 'std' },
  disabled: { ansi: '1;30;44', fg: '#60cccccc', bg: '#00000000', shadow: 'std' },
} as const satisfies Record<string, ElementStyle>;

export type ElementName = keyof typeof ELEMENT_DEFAULTS;

const NAMES = Object.keys(ELEMENT_DEFAULTS) as ElementName[];

/** The number menu.c32 calls an element by. */
export function elementIndex(name: ElementName): number {
  return NAMES.indexOf(name);
}

/** A menu's colour table: the defaults with what its `MENU COLOR` lines changed. */
export function colorTable(colors: Readonly<Record<string, ColorSetting>>): ElementStyle[] {
  return NAMES.map((name) => {
    const base = ELEMENT_DEFAULTS[name];
    const own = colors[name];
    return {
      ansi: own?.[0] ?? base.ansi,
      fg: own?.[1] ?? base.fg,
      bg: own?.[2] ?? base.bg,
      shadow: own?.[3] ?? base.shadow,
    };
  });
}
