/** Who knows a directive, beside the core and menu.c32. */
type Dialect = 'syslinux' | 'u-boot' | 'petitboot' | 'u-root';

/**
 * `none`: takes no value. `number`: digits, junk after them is not read. `word`: the first word counts.
 * `line`: the whole rest of the line.
 */
type ValueKind = 'none' | 'number' | 'word' | 'line';

/** Where a directive has an effect: only inside a label, or anywhere. */
type Scope = 'label' | 'any';

export interface DirectiveInfo {
  value: ValueKind;
  scope: Scope;
  dialect: Dialect;
}

function rows(dialect: Dialect, scope: Scope, value: ValueKind, names: string): [string, DirectiveInfo][] {
  return names.split(/\s*,\s*/).map((name) => [name, { dialect, scope, value }]);
}

const FUNCTION_KEYS = 'F1, F2, F3, F4, F5, F6, F7, F8, F9, F10, F11, F12';

/** Every directive of SYSLINUX 6.04, and those of other readers of the same files, by upper-case name. */
export const DIRECTIVES: ReadonlyMap<string, DirectiveInfo> = new Map([
  ...rows('syslinux', 'any', 'word', `INCLUDE, MENU INCLUDE, DISPLAY, FONT, MENU BACKGROUND, ${FUNCTION_KEYS}`),
  ...rows('syslinux', 'any', 'line', 'LABEL, DEFAULT, UI, APPEND, ONTIMEOUT, ONERROR, KBDMAP, SAY, PATH, SERIAL'),
  ...rows('syslinux', 'label', 'line', 'KERNEL, LINUX, BOOT, BSS, PXE, FDIMAGE, COMBOOT, COM32, CONFIG, INITRD, NONE'),
  ...rows('syslinux', 'label', 'number', 'LOCALBOOT, MENU INDENT'),
  ...rows('syslinux', 'any', 'number', 'SYSAPPEND, IPAPPEND, TIMEOUT, TOTALTIMEOUT, PROMPT, NOESCAPE, NOCOMPLETE, IMPLICIT'),
  ...rows('syslinux', 'any', 'number', 'ALLOWOPTIONS, NOHALT, CONSOLE, SENDCOOKIES, PXERETRY'),
  ...rows('syslinux', 'label', 'none', 'TEXT HELP, MENU HIDE, MENU DISABLE, MENU DISABLED, MENU QUIT'),
  ...rows('syslinux', 'any', 'line', 'MENU TITLE, MENU LABEL, MENU PASSWD, MENU MASTER PASSWD, MENU HIDDENKEY, MENU BEGIN, MENU ONERROR'),
  ...rows('syslinux', 'any', 'line', 'MENU AUTOBOOT, MENU TABMSG, MENU NOTABMSG, MENU PASSPROMPT, MENU COLOR, MENU COLOUR'),
  ...rows('syslinux', 'any', 'line', 'MENU MSGCOLOR, MENU MSGCOLOUR, MENU RESOLUTION'),
  ...rows('syslinux', 'label', 'line', 'MENU GOTO, MENU EXIT, MENU HELP'),
  ...rows('syslinux', 'any', 'none', 'MENU DEFAULT, MENU HIDDEN, MENU CLEAR, MENU SHIFTKEY, MENU SEPARATOR, MENU END, MENU START'),
  ...rows('syslinux', 'any', 'none', 'MENU SAVE, MENU NOSAVE, MENU IMMEDIATE, MENU NOIMMEDIATE, ENDTEXT'),
  ...rows('syslinux', 'any', 'number', 'MENU WIDTH, MENU MARGIN, MENU PASSWORDMARGIN, MENU ROWS, MENU TABMSGROW, MENU CMDLINEROW'),
  ...rows('syslinux', 'any', 'number', 'MENU ENDROW, MENU PASSWORDROW, MENU TIMEOUTROW, MENU HELPMSGROW, MENU HELPMSGENDROW'),
  ...rows('syslinux', 'any', 'number', 'MENU HSHIFT, MENU VSHIFT, MENU HIDDENROW'),
  ...rows('u-boot', 'label', 'line', 'FDT, DEVICETREE, FDTDIR, DEVICETREEDIR, FDTOVERLAYS, DEVICETREE-OVERLAY'),
  ...rows('u-boot', 'label', 'none', 'KASLRSEED'),
  ...rows('u-boot', 'any', 'line', 'FALLBACK'),
  ...rows('petitboot', 'label', 'line', 'PROXY, PLUGIN, TARBALL, DTB'),
  ...rows('u-root', 'any', 'line', 'NERFDEFAULT'),
]);

/** Keywords that name what a label boots; they share one slot and the last one wins. */
export const BOOT_KEYWORDS: ReadonlySet<string> = new Set([
  'KERNEL',
  'LINUX',
  'BOOT',
  'BSS',
  'PXE',
  'FDIMAGE',
  'COMBOOT',
  'COM32',
  'CONFIG',
  'LOCALBOOT',
]);
