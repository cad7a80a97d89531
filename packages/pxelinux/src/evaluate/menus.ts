import type { ColorSetting, Menu, MenuEntry, MenuMessages, MenuParams, Origin } from '../model.js';
import { type ColorTable, changedColors } from './colors.js';
import { wordEnd } from './text.js';

export const DEFAULT_PARAMS: Readonly<MenuParams> = {
  width: 0,
  margin: 10,
  passwordmargin: 3,
  rows: 12,
  tabmsgrow: 18,
  cmdlinerow: 18,
  endrow: -1,
  passwordrow: 11,
  timeoutrow: 20,
  helpmsgrow: 22,
  helpmsgendrow: -1,
  hshift: 0,
  vshift: 0,
  hiddenrow: -2,
};

export const DEFAULT_MESSAGES: Readonly<MenuMessages> = {
  autoboot: 'Automatic boot in # second{,s}...',
  tabmsg: 'Press [Tab] to edit options',
  notabmsg: '',
  passprompt: 'Password required',
};

/** A value and the line it came from. */
export interface Located<T> {
  value: T;
  origin: Origin;
}

/** A menu while its file is read. Submenus share tables such as `params` with their parents, so these are replaced when they change. */
export class MenuState {
  readonly index: number;
  readonly menu: Menu;
  readonly parent: MenuState | undefined;
  /** The entry that opens this menu in its parent. */
  readonly parentEntry: EntryState | undefined;
  #colors: ColorTable;
  /** No submenu has this table of colours, too. */
  #ownsColors = false;
  /** Keys that are taken; the first entry that names one keeps it. */
  readonly hotkeys = new Set<number>();
  /** The parent entry still shows the tag: a title would become its text. */
  showsTag = true;

  constructor(index: number, tag: string | null, parent?: MenuState, parentEntry?: EntryState) {
    this.index = index;
    this.parent = parent;
    this.parentEntry = parentEntry;
    this.#colors = parent?.shareColors() ?? new Map();
    const from = parent?.menu;
    this.menu = {
      tag,
      title: '',
      parent: parent?.index ?? -1,
      default: 0,
      timeoutMs: from?.timeoutMs ?? 0,
      allowEdit: from?.allowEdit ?? true,
      immediate: from?.immediate ?? false,
      save: from?.save ?? false,
      ontimeout: from?.ontimeout ?? null,
      onerror: from?.onerror ?? null,
      masterPasswd: from?.masterPasswd ?? null,
      background: from?.background ?? null,
      params: from?.params ?? DEFAULT_PARAMS,
      messages: from?.messages ?? DEFAULT_MESSAGES,
      fkeys: from?.fkeys ?? {},
      colors: {},
      entries: [],
      origins: {},
    };
  }

  get colors(): ColorTable {
    return this.#colors;
  }

  /** The colours to write to: a copy, when a submenu or the parent has them, too. */
  changeColors(): Map<string, ColorSetting> {
    const colors = this.#ownsColors ? (this.#colors as Map<string, ColorSetting>) : new Map(this.#colors);
    this.#colors = colors;
    this.#ownsColors = true;
    return colors;
  }

  shareColors(): ColorTable {
    this.#ownsColors = false;
    return this.#colors;
  }
}

/** An entry while its file is read. */
export interface EntryState {
  entry: MenuEntry;
  menu: MenuState;
  position: number;
  /** Tag of MENU GOTO or MENU EXIT, looked up at the end. */
  target?: string;
}

/** All menus and entries of a configuration, in order of creation. */
export class MenuSet {
  readonly menus: MenuState[] = [];
  readonly entries: EntryState[] = [];
  readonly hidden: MenuState;
  readonly top: MenuState;
  current: MenuState;
  start: MenuState;
  /** First entry of each label, made when the first label is looked up. */
  #labels: Map<string, EntryState> | undefined;

  constructor() {
    this.hidden = this.#add('.hidden');
    this.top = this.#add('.top');
    this.current = this.top;
    this.start = this.top;
  }

  addEntry(menu: MenuState, entry: MenuEntry): EntryState {
    const state: EntryState = { entry, menu, position: menu.menu.entries.length };
    menu.menu.entries.push(entry);
    this.entries.push(state);
    return state;
  }

  /** MENU BEGIN: an entry in the current menu, and the menu it opens. */
  begin(tag: string, origin: Origin): MenuState {
    const entry: MenuEntry = { label: null, display: tag, action: 'submenu', submenu: this.menus.length, origins: { display: origin } };
    const parentEntry = this.addEntry(this.current, entry);
    this.current = this.#add(tag === '' ? null : tag, this.current, parentEntry);
    this.current.menu.origins.tag = origin;
    return this.current;
  }

  /** MENU END; one too many is harmless. */
  end(): MenuState {
    this.current = this.current.parent ?? this.current;
    return this.current;
  }

  /** Gives an entry the key after the first `^` of its text, unless an entry before it has that key. */
  considerHotkey(menu: MenuState, entry: MenuEntry): void {
    const caret = entry.display.indexOf('^');
    if (entry.action === 'disabled' || caret === -1 || caret + 1 >= entry.display.length) return;
    const hotkey = entry.display.charCodeAt(caret + 1) & ~0x20;
    if (menu.hotkeys.has(hotkey)) return;
    menu.hotkeys.add(hotkey);
    // A blank takes the slot of the entries that have no key.
    if (hotkey === 0) return;
    entry.hotkey = hotkey;
    if (entry.origins.display) entry.origins.hotkey = entry.origins.display;
  }

  /** The first entry with the label that is the first word of a command line; asked when all is read. */
  findLabel(command: string): EntryState | undefined {
    const name = command.slice(0, wordEnd(command, 0));
    return this.#byLabel().get(name);
  }

  /** A command line that begins with a label, as what that label stands for. */
  resolveLabel(command: string): string {
    const found = this.findLabel(command);
    if (found === undefined) return command;
    // printf() of a missing string, which is what the loaders do for entries that boot nothing.
    return `${found.entry.cmdline ?? '(null)'}${command.slice(wordEnd(command, 0))}`;
  }

  /** Makes a label's entry the default and its menu the first one shown; hidden ones cannot be. */
  selectDefault(command: string, origin: Origin | undefined): void {
    const found = this.findLabel(command);
    if (found === undefined || found.menu === this.hidden) return;
    found.menu.menu.default = found.position;
    if (origin) found.menu.menu.origins.default = origin;
    this.start = found.menu;
  }

  /** Looks up the tags of MENU GOTO and MENU EXIT; of menus with the same tag the last one counts. */
  resolveTargets(): void {
    const byTag = new Map(this.menus.map(({ menu, index }) => [menu.tag, index]));
    for (const { entry, target } of this.entries) {
      if (target === undefined) continue;
      const index = byTag.get(target);
      if (index === undefined) entry.action = 'disabled';
      else entry.submenu = index;
    }
  }

  /** Replaces labels by what they stand for and closes the menus. */
  finish(): Menu[] {
    const changed = new Map<ColorTable, Menu['colors']>();
    for (const { menu, colors } of this.menus) {
      if (menu.ontimeout !== null) menu.ontimeout = this.resolveLabel(menu.ontimeout);
      if (menu.onerror !== null) menu.onerror = this.resolveLabel(menu.onerror);
      menu.colors = changed.get(colors) ?? changedColors(colors);
      changed.set(colors, menu.colors);
    }
    return this.menus.map(({ menu }) => menu);
  }

  #byLabel(): Map<string, EntryState> {
    if (this.#labels === undefined) {
      this.#labels = new Map();
      for (const state of this.entries) {
        const { label } = state.entry;
        if (label !== null && !this.#labels.has(label)) this.#labels.set(label, state);
      }
    }
    return this.#labels;
  }

  #add(tag: string | null, parent?: MenuState, parentEntry?: EntryState): MenuState {
    const state = new MenuState(this.menus.length, tag, parent, parentEntry);
    this.menus.push(state);
    return state;
  }
}
