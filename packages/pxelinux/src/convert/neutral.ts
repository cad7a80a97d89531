import { initrdsOf, parseCommand } from '../command.js';
import { evaluate, type IncludeReader } from '../evaluate.js';
import { type Document, latin1ToBytes } from '../lines.js';
import type { Client, CoreModel, Menu, MenuEntry, MenuModel, Origin } from '../model.js';
import { MENU_MODULES } from '../modules.js';
import { firstWord } from '../outline.js';
import type { Loader } from '../paths.js';
import { sysappendStrings } from '../sysappend.js';
import { Names } from './names.js';

/** What an entry does. File names are as written in the configuration. */
export type NeutralAction =
  | { type: 'linux'; kernel: string; args: string; initrds: string[] }
  /** A COM32 module with its arguments. */
  | { type: 'module'; module: string; args: string }
  /** Another boot program (`pxe`), boot sector or disk image. */
  | { type: 'chain'; file: string; image: 'pxe' | 'boot' | 'bss' | 'fdimage'; args: string }
  /** Another configuration, and the folder its names are relative to. */
  | { type: 'config'; file: string; folder: string }
  /** The firmware's next boot device (0xffff and 0) or, from disks, the BIOS drive. */
  | { type: 'localboot'; value: number }
  /** Another menu, by index. */
  | { type: 'menu'; menu: number }
  /** A file with help to show. */
  | { type: 'help'; file: string }
  /** Leaves the menu for the boot prompt. */
  | { type: 'quit' }
  /** Text that cannot be chosen; without a title a blank line. */
  | { type: 'text' };

export interface NeutralEntry {
  /** Unique over all menus: the label, with a number behind it where labels repeat. */
  id: string;
  title: string;
  /** One character. */
  hotkey?: string;
  help?: string;
  password?: string;
  /** Names of the client's facts to add to the command line: `ip`, `BOOTIF`, `SYSUUID`, … */
  sysappend?: string[];
  action: NeutralAction;
  origin?: Origin;
}

export interface NeutralMenu {
  title: string;
  /** Index of the menu it was opened from; `undefined` for the first. */
  parent?: number;
  entries: NeutralEntry[];
}

/** Something that the target cannot express. */
export interface Loss {
  message: string;
  origin?: Origin;
}

/** A configuration without the loader's language: what shows, what boots, when. */
export interface NeutralConfig {
  format: 'pxekit-boot-menu';
  version: 1;
  menus: NeutralMenu[];
  /** Index of the menu shown first. */
  startMenu: number;
  /** Id of the entry that boots by itself; `undefined` when none does. */
  default?: string;
  /** Milliseconds to wait for a key; 0 boots at once; `undefined` waits for ever. */
  timeoutMs?: number;
  /** Nothing shows until a key is pressed. */
  hidden: boolean;
  serial?: { port: number; baud: number };
}

export interface ConvertOptions {
  /** Reads included files. Default: none is there. */
  include?: IncludeReader;
  /** Name of the file. Default: `<config>`. */
  file?: string;
  /** Default: `pxelinux`. */
  loader?: Loader;
}

export interface Neutral {
  config: NeutralConfig;
  lost: Loss[];
}

/** Stands in for the client's facts, so that the strings they give can be told from written ones. */
const MARK = '\u0001';
const MARKED: Client = {
  mac: MARK,
  ip: MARK,
  server: MARK,
  gateway: MARK,
  netmask: MARK,
  uuid: MARK,
  cpu: MARK,
  dmi: new Proxy({}, { get: () => MARK }),
};

const MARKED_STRINGS = sysappendStrings(0x3ffff, MARKED);

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The model's string, one character per byte, as text: UTF-8 where it is, else Latin-1. */
function text(bytes: string): string {
  try {
    return utf8.decode(latin1ToBytes(bytes));
  } catch {
    return bytes;
  }
}

/** Splits what SYSAPPEND added from the end of a command line. */
function withoutSysappend(line: string): { line: string; names: string[] } {
  const names: string[] = [];
  let rest = line;
  for (let found: string | undefined = ''; found !== undefined; ) {
    found = MARKED_STRINGS.find((string) => rest.endsWith(` ${string}`));
    if (found === undefined) break;
    rest = rest.slice(0, -found.length - 1);
    names.unshift(found.slice(0, found.indexOf('=')));
  }
  return { line: rest, names };
}

class Converter {
  readonly menu: MenuModel;
  readonly core: CoreModel;
  readonly lost: Loss[] = [];
  readonly #ids = new Names();
  readonly #idOf = new Map<MenuEntry, string>();

  constructor(document: Document, { include, file = '<config>' }: ConvertOptions) {
    const options = { file, client: MARKED, ...(include && { include }) };
    this.menu = evaluate(document, { engine: 'menu', ...options });
    this.core = evaluate(document, { engine: 'core', ...options });
  }

  lose(message: string, origin?: Origin): void {
    this.lost.push({ message, ...(origin && { origin }) });
  }

  convert(): NeutralConfig {
    const { menu, core } = this;
    for (const path of menu.missing) this.lose(`The included file ${text(path)} is not there`);
    const menus = menu.menus.map((one) => this.#menu(one));
    const config: NeutralConfig = { format: 'pxekit-boot-menu', version: 1, menus, startMenu: menu.startMenu, hidden: menu.hidden };
    const chosen = this.#default();
    if (chosen.entry) config.default = this.#idOf.get(chosen.entry) ?? '';
    if (chosen.timeoutMs !== undefined) config.timeoutMs = chosen.timeoutMs;
    if (menu.totalTimeoutMs > 0) this.lose('TOTALTIMEOUT: there is one timeout only', menu.origins.totalTimeoutMs);
    if (core.serial.port !== 0 && core.serial.divisor > 0) {
      config.serial = { port: core.serial.port, baud: Math.round(115200 / core.serial.divisor) };
    }
    if (core.onerror !== null) this.lose(`ONERROR ${text(core.onerror)}`, core.origins.onerror);
    for (const command of Object.values(menu.hiddenKeys)) this.lose(`MENU HIDDENKEY for ${text(command)}`);
    for (const { display, label } of menu.menus[0]?.entries ?? []) this.lose(`The hidden entry ${text(label ?? display)}`);
    for (const event of core.events) if ('say' in event) this.lose(`SAY ${text(event.say)}`);
    return config;
  }

  #menu(menu: Menu): NeutralMenu {
    const where = menu.title === '' ? '' : ` of "${text(menu.title)}"`;
    if (Object.keys(menu.colors).length > 0 && menu.parent < 0) this.lose(`The colours${where}`, originOf(menu, 'colors.'));
    if (menu.background !== null && menu.parent < 0) this.lose(`The background ${text(menu.background)}`, menu.origins.background);
    if (menu.masterPasswd !== null && menu.parent < 0) this.lose('MENU MASTER PASSWD: anybody may edit entries', menu.origins.masterPasswd);
    for (const [key, [file]] of Object.entries(menu.fkeys)) {
      if (menu.parent < 0) this.lose(`${key}: the help file ${text(file)}`, menu.origins[`fkeys.${key}`]);
    }
    return {
      title: text(menu.title),
      ...(menu.parent >= 0 && { parent: menu.parent }),
      entries: menu.entries.map((entry) => this.#entry(entry)),
    };
  }

  #entry(entry: MenuEntry): NeutralEntry {
    const { line, names } = withoutSysappend(entry.cmdline ?? '');
    const origin = entry.origins.cmdline ?? entry.origins.display;
    const title = text(entry.display);
    const id = this.#ids.take(text(entry.label ?? '') || title.replaceAll('^', '') || 'entry');
    this.#idOf.set(entry, id);
    return {
      id,
      title: title.replaceAll('^', ''),
      ...(entry.hotkey !== undefined && { hotkey: hotkeyOf(title) }),
      ...(entry.help !== undefined && { help: text(entry.help) }),
      ...(entry.passwd !== undefined && { password: text(entry.passwd) }),
      ...(names.length > 0 && { sysappend: names }),
      action: this.#action(entry, line, origin),
      ...(origin && { origin }),
    };
  }

  #action(entry: MenuEntry, line: string, origin: Origin | undefined): NeutralAction {
    switch (entry.action) {
      case 'disabled':
        return { type: 'text' };
      case 'quit':
        return { type: 'quit' };
      case 'help':
        return { type: 'help', file: text(line) };
      case 'cmd':
        return this.#command(line, origin);
      default:
        return { type: 'menu', menu: entry.submenu ?? this.menu.startMenu };
    }
  }

  #command(line: string, origin: Origin | undefined): NeutralAction {
    const { type, file: bytes, args: rawArgs } = parseCommand(line);
    const file = text(bytes);
    const args = text(rawArgs);
    switch (type) {
      case 'localboot':
        return { type, value: (Number.parseInt(file, file.startsWith('0x') ? 16 : 10) || 0) & 0xffff };
      case 'com32':
        return { type: 'module', module: file, args };
      case 'config':
        return { type, file, folder: args };
      case 'kernel':
      case 'linux': {
        const initrds = initrdsOf(rawArgs).map(text);
        const left = withoutInitrd(args);
        if (initrds.length > 0 && left.includes('initrd=')) {
          this.lose('An initrd= inside another option: the initrd is loaded, and the option is kept as it stands', origin);
        }
        return { type: 'linux', kernel: file, args: left, initrds };
      }
      default:
        return { type: 'chain', file, image: type, args };
    }
  }

  /** What boots when nobody presses a key, and how long that takes. */
  #default(): { entry?: MenuEntry; timeoutMs?: number } {
    const { menu, core } = this;
    const command = core.defaultCmd;
    if (command === null) return {};
    const module = firstWord(command);
    if (MENU_MODULES.some((name) => module === name || module.endsWith(`/${name}`))) {
      const start = menu.menus[menu.startMenu];
      const waits = start === undefined || (start.timeoutMs === 0 && !menu.shiftkey);
      // The menu has what the label stands for, the core still its name.
      const ontimeout = start?.ontimeout ? (core.ontimeout ?? start.ontimeout) : undefined;
      const entry = ontimeout === undefined ? start?.entries[start.default] : this.#find(ontimeout);
      if (start?.ontimeout && !entry) this.lose(`ONTIMEOUT ${text(start.ontimeout)} is no entry`, start.origins.ontimeout);
      return { ...(entry && { entry }), ...(waits ? {} : { timeoutMs: menu.shiftkey ? 0 : (start?.timeoutMs ?? 0) }) };
    }
    const entry = this.#find(core.ontimeout && core.prompt !== 0 ? core.ontimeout : command);
    if (!entry) this.lose(`DEFAULT ${text(command)} is no entry of the menu`, core.origins.defaultCmd);
    const waits = core.prompt !== 0 && core.timeoutMs === 0;
    return { ...(entry && { entry }), ...(waits ? {} : { timeoutMs: core.prompt === 0 ? 0 : core.timeoutMs }) };
  }

  /** The entry of a label or of a command line that a label was replaced by. */
  #find(command: string): MenuEntry | undefined {
    const entries = this.menu.menus.flatMap(({ entries }) => entries);
    const word = firstWord(command);
    return (
      entries.find(({ label }) => label !== null && (label === word || firstWord(label) === word)) ??
      entries.find(({ cmdline }) => cmdline !== undefined && cmdline === command)
    );
  }
}

/** Where the first of some values was written. */
function originOf({ origins }: Menu, prefix: string): Origin | undefined {
  return Object.entries(origins).find(([name]) => name.startsWith(prefix))?.[1];
}

function hotkeyOf(title: string): string {
  return Array.from(title.slice(title.indexOf('^') + 1))[0] ?? '';
}

/** Options without the words that begin with `initrd=`. */
function withoutInitrd(args: string): string {
  return args
    .split(' ')
    .filter((word) => !word.startsWith('initrd='))
    .join(' ')
    .trim();
}

/**
 * A configuration in a form that is nobody's language: for other programs, and what the other conversions start from.
 * It is what menu.c32 and the core make of the file; `lost` says what the form has no place for.
 */
export function toNeutral(document: Document, options: ConvertOptions = {}): Neutral {
  const converter = new Converter(document, options);
  return { config: converter.convert(), lost: converter.lost };
}
