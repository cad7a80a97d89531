/** Where a value was written. */
export interface Origin {
  /** Name of the file as it was asked for; the main file has the name given to `evaluate`. */
  file: string;
  /** Line number, counted from 1. */
  line: number;
}

/**
 * Where the values of an object come from, by field. A field that is missing still has its default, or was copied from the
 * parent menu. Nested tables use a dot: `params.rows`, `messages.autoboot`, `fkeys.F1`, `colors.title`, `events.0`.
 */
export type Origins = Record<string, Origin>;

/** Layout parameters; rows count from the top, negative ones from the bottom. */
export interface MenuParams {
  width: number;
  margin: number;
  passwordmargin: number;
  rows: number;
  tabmsgrow: number;
  cmdlinerow: number;
  endrow: number;
  passwordrow: number;
  timeoutrow: number;
  helpmsgrow: number;
  helpmsgendrow: number;
  hshift: number;
  vshift: number;
  hiddenrow: number;
}

export interface MenuMessages {
  /** Shown while the timeout runs; `#` is the number of seconds, `{one,many}` picks by number. */
  autoboot: string;
  tabmsg: string;
  notabmsg: string;
  passprompt: string;
}

/** ANSI attributes, foreground `#aarrggbb`, background `#aarrggbb`, shadow. */
export type ColorSetting = [ansi: string, foreground: string, background: string, shadow: 'none' | 'std' | 'all' | 'rev'];

/** Function key: the file shown, and vesamenu.c32's background for it. */
export type FunctionKey = [file: string] | [file: string, background: string];

/**
 * `cmd` boots `cmdline`; `submenu`, `goto` and `exit` open the menu `submenu`; `help` shows the file `cmdline`;
 * `quit` leaves to the boot prompt; `disabled` cannot be chosen (separators are disabled, too).
 */
export type EntryAction = 'cmd' | 'disabled' | 'submenu' | 'goto' | 'exit' | 'quit' | 'help';

export interface MenuEntry {
  /** Name to boot it by; `null` for separators, disabled entries and submenus. */
  label: string | null;
  /** Text in the menu, with its `^`. */
  display: string;
  action: EntryAction;
  /** `cmd`: kernel and options as one line, or `.type kernel options`. `help`: the file. */
  cmdline?: string;
  /** Index in `menus`. */
  submenu?: number;
  /** Byte of the key with bit 0x20 cleared: `65` for `^a` and `^A`, `17` for `^1`. */
  hotkey?: number;
  passwd?: string;
  /** `TEXT HELP` lines with their line ends. */
  help?: string;
  /** Background of a help screen. */
  background?: string;
  /** The hotkey boots at once. Engine `menu` only. */
  immediate?: true;
  save?: true;
  origins: Origins;
}

interface BaseMenu {
  /** Tag for `MENU GOTO`; `.hidden` and `.top` are always there. `null` for a submenu without a tag. */
  tag: string | null;
  title: string;
  /** Index of the parent in `menus`, -1 for the first two. */
  parent: number;
  /** Index of the default entry. */
  default: number;
  save: boolean;
  ontimeout: string | null;
  onerror: string | null;
  masterPasswd: string | null;
  background: string | null;
  params: MenuParams;
  messages: MenuMessages;
  /** `F1` to `F12`. */
  fkeys: Record<string, FunctionKey>;
  /** Colours that are not the default ones. */
  colors: Record<string, ColorSetting>;
  entries: MenuEntry[];
  origins: Origins;
}

/** A menu as ldlinux (the core) holds it. */
export type CoreMenu = BaseMenu;

/** A menu as menu.c32 and vesamenu.c32 hold it. */
export interface Menu extends BaseMenu {
  /** Milliseconds without a key until the default entry boots; 0 waits for ever. */
  timeoutMs: number;
  /** Tab and Esc work. */
  allowEdit: boolean;
  immediate: boolean;
}

interface BaseModel {
  /** Files read, in order. The main file stands first, as it was named. */
  files: string[];
  /** Includes that were asked for and not there. The loaders skip them without a word. */
  missing: string[];
  totalTimeoutMs: number;
  /** `MENU HIDDEN`. */
  hidden: boolean;
  /** `MENU SHIFTKEY`. */
  shiftkey: boolean;
  /** Index in `menus` of the menu shown first. */
  startMenu: number;
  origins: Origins;
}

/** What menu.c32 (and vesamenu.c32) makes of a file. Menus stand in order of creation: 0 is `.hidden`, 1 is `.top`. */
export interface MenuModel extends BaseModel {
  engine: 'menu.c32';
  /** `MENU CLEAR`. */
  clear: boolean;
  /** `MENU RESOLUTION`, vesamenu.c32 only. */
  resolution?: [width: number, height: number];
  /** `MENU HIDDENKEY`: key code to command line. */
  hiddenKeys: Record<string, string>;
  menus: Menu[];
}

/** What the core did while it read the file, in order. */
export type CoreEvent = { say: string } | { display: string } | { font: string } | { kbdmap: string } | { path: string };

export interface SerialSettings {
  /** I/O address; 0 is off. */
  port: number;
  /** 115200 divided by the baud rate. */
  divisor: number;
  flowOut: number;
  flowIn: number;
  flowIgnore: number;
}

/** What the core (ldlinux.c32) makes of a file. Numbers that are flags are 0 and 1. */
export interface CoreModel extends BaseModel {
  engine: 'ldlinux-core';
  /** 0: neither DEFAULT nor UI. 1: `defaultCmd` comes from DEFAULT. 2: from UI. */
  defaultLevel: 0 | 1 | 2;
  /** What boots when nobody types. */
  defaultCmd: string | null;
  /** The last DEFAULT, even when UI overrides it. */
  globalDefault: string | null;
  ontimeout: string | null;
  onerror: string | null;
  prompt: number;
  noescape: number;
  nocomplete: number;
  implicit: number;
  allowoptions: number;
  nohalt: number;
  console: number;
  timeoutMs: number;
  /** The global SYSAPPEND mask. */
  sysappend: number;
  pxeretry: number;
  serial: SerialSettings;
  events: CoreEvent[];
  globalAppend: string | null;
  menus: CoreMenu[];
}

export interface UbootLabel {
  name: string;
  menu: string | null;
  kernel: string | null;
  /** FIT configuration, from `#` on. */
  config: string | null;
  append: string | null;
  initrd: string | null;
  fdt: string | null;
  fdtdir: string | null;
  fdtoverlays: string | null;
  ipappend: number;
  localboot: number;
  localbootVal: number;
  kaslrseed: number;
  origins: Origins;
}

/** What U-Boot's `pxe get`/`sysboot` makes of a file. */
export interface UbootModel {
  engine: 'u-boot';
  /** 1: accepted. Negative: U-Boot rejects the file with this error number and boots nothing. */
  result: number;
  title: string | null;
  default: string | null;
  fallback: string | null;
  /** Tenths of a second. */
  timeout: number;
  prompt: number;
  /** `MENU BACKGROUND`, a BMP file. */
  bmp: string | null;
  labels: UbootLabel[];
  /** What U-Boot prints. Lines that begin with `UB:` are ours: U-Boot's behaviour is undefined there. */
  log: string;
  origins: Origins;
}

export type Model = MenuModel | CoreModel | UbootModel;
export type Engine = 'menu' | 'core' | 'uboot';
export interface ModelOf {
  menu: MenuModel;
  core: CoreModel;
  uboot: UbootModel;
}

/** What the loader knows of the machine it runs on: the source of the SYSAPPEND strings and of the file names asked for. */
export interface Client {
  /** Hardware address, `88:99:aa:bb:cc:dd`. */
  mac?: string;
  /** ARP hardware type; 1 is Ethernet. Default: 1. */
  arpType?: number;
  ip?: string;
  server?: string;
  gateway?: string;
  netmask?: string;
  /** As PXELINUX prints it: the first three fields byte-swapped against SMBIOS 2.6 and `dmidecode`. */
  uuid?: string;
  /** CPU family and flags: `6PVXL`. */
  cpu?: string;
  /** Strings by name: `SYSVENDOR`, `SYSPRODUCT`, … */
  dmi?: Record<string, string>;
}

/** A model without its origins, for JSON. */
export function modelToJson(model: Model): object {
  return JSON.parse(JSON.stringify(model, (key, value) => (key === 'origins' ? undefined : value)));
}
