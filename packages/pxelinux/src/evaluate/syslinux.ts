import type { Client, FunctionKey, MenuMessages, MenuParams, Origin } from '../model.js';
import { applyColor, applyMessageColor } from './colors.js';
import { Includes, type Reading } from './include.js';
import { isKernelType, LabelState, recordLabel } from './label.js';
import { DEFAULT_MESSAGES, DEFAULT_PARAMS, type Located, MenuSet, type MenuState } from './menus.js';
import { LineReader, readInteger, readUnsigned, skipSpace, visiblePart, wordAt, wordEnd } from './text.js';

/** One line while it is looked at. */
export interface Statement {
  /** The line as read, line end included. */
  piece: string;
  /** The line up to its first CR, LF or NUL. */
  line: string;
  /** First word in lower case, and where it begins and ends. */
  word: string;
  start: number;
  end: number;
  /** Where the value begins. */
  value: number;
  origin: Origin;
}

/** What a directive that only one of the two parsers knows does; `false` when it is not known. */
export type Directives = (state: SyslinuxState, statement: Statement, menu: MenuState) => boolean;

/**
 * What ldlinux (the core) and menu.c32 have in common. They read the same file with two parsers that differ in places;
 * both are modelled on 6.04 (com32/elflink/ldlinux/readconfig.c and com32/menu/readconfig.c).
 */
export class SyslinuxState {
  readonly engine: 'core' | 'menu';
  readonly client: Client | undefined;
  readonly includes: Includes;
  readonly menus = new MenuSet();
  label = new LabelState();
  globalAppend: Located<string> | undefined;
  globalSysappend: Located<number> | undefined;
  globalDefault: Located<string> | undefined;
  totalTimeoutMs = 0;
  hidden = false;
  shiftkey = false;
  readonly origins: Record<string, Origin> = {};
  /** Message, font or keyboard map that the statement at hand loads. */
  display: string | undefined;

  constructor(engine: 'core' | 'menu', files: readonly string[], client: Client | undefined) {
    this.engine = engine;
    this.client = client;
    this.includes = new Includes(files);
  }

  record(menu: MenuState): void {
    this.label = recordLabel(this.menus, menu, this.label, this);
  }
}

/**
 * Reads one file into the state, and those it includes. Includes nest no deeper than the guard allows.
 *
 * Each file remembers its menu on its own, as the loaders do: when an included file leaves a submenu open, the rest of the
 * including file still sets things in the old menu, but opens and closes menus from the new one.
 */
export function* readSyslinux(
  state: SyslinuxState,
  reader: LineReader,
  depth: number,
  menuDirectives: Directives,
  directives: Directives,
): Reading<void> {
  let menu = state.menus.current;
  const { menus } = state;

  function* include(statement: Statement, at: number, tagged: boolean): Reading<void> {
    const { line, origin } = statement;
    const path = wordAt(line, skipSpace(line, at));
    const tag = tagged ? line.slice(skipSpace(line, path.end)) : '';
    const opens = tag !== '';
    const open = () => {
      state.record(menu);
      menu = menus.begin(tag, origin);
    };
    // menu.c32 opens the submenu before it looks for the file, the core after.
    if (opens && state.engine === 'menu') open();
    const text = yield* state.includes.read(path.word, depth + 1);
    if (text !== undefined) {
      if (opens && state.engine === 'core') open();
      yield* readSyslinux(state, new LineReader(path.word, text), depth + 1, menuDirectives, directives);
    }
    if (opens && (state.engine === 'menu' || text !== undefined)) {
      state.record(menu);
      menu = menus.end();
    }
  }

  for (let piece = reader.next(); piece !== undefined; piece = reader.next()) {
    const line = visiblePart(piece);
    const start = skipSpace(line, 0);
    const end = wordEnd(line, start);
    const statement: Statement = {
      piece,
      line,
      word: line.slice(start, end).toLowerCase(),
      start,
      end,
      value: skipSpace(line, end),
      origin: { file: reader.file, line: reader.line },
    };
    switch (statement.word) {
      case '':
        break;
      case 'menu': {
        const inner = subStatement(statement);
        switch (inner.word) {
          case 'include':
            yield* include(inner, inner.end, true);
            break;
          case 'separator':
            state.record(menu);
            state.label.label = { value: '', origin: inner.origin };
            state.label.separator = true;
            state.record(menu);
            break;
          case 'begin':
            state.record(menu);
            menu = menus.begin(line.slice(inner.value), inner.origin);
            break;
          case 'end':
            state.record(menu);
            menu = menus.end();
            break;
          default:
            if (!menuDirectives(state, inner, menu)) readMenuSetting(state, inner, menu);
        }
        break;
      }
      case 'text':
        readText(state, reader, wordAt(line, statement.value).word.toLowerCase() === 'help');
        break;
      case 'include':
        yield* include(statement, end, state.engine === 'menu');
        break;
      case 'label': {
        state.record(menu);
        const name = state.engine === 'core' ? wordAt(line, statement.value).word : line.slice(statement.value);
        state.label.open({ value: name, origin: statement.origin }, state.globalSysappend);
        break;
      }
      default:
        readSetting(state, statement, menu, directives);
        if (state.display !== undefined) {
          yield { path: state.display, purpose: 'display' };
          state.display = undefined;
        }
    }
  }
}

/** The statement that follows a first word: `MENU x`. */
export function subStatement({ piece, line, value, origin }: Statement): Statement {
  const end = wordEnd(line, value);
  return { piece, line, word: line.slice(value, end).toLowerCase(), start: value, end, value: skipSpace(line, end), origin };
}

/** What both parsers know outside of MENU. */
function readSetting(state: SyslinuxState, statement: Statement, menu: MenuState, directives: Directives): void {
  const { line, word, value, origin } = statement;
  const { label } = state;
  const rest = () => ({ value: line.slice(value), origin });
  if (word.charCodeAt(0) === 0x66 && readFunctionKey(statement, menu)) return;
  switch (word) {
    case 'append':
      if (label.label) label.append = rest();
      else state.globalAppend = rest();
      return;
    case 'initrd':
      if (label.label) label.initrd = rest();
      return;
    case 'ipappend':
    case 'sysappend': {
      const mask = { value: readUnsigned(line, value, 0).value, origin };
      if (label.label) label.sysappend = mask;
      else state.globalSysappend = mask;
      return;
    }
    case 'totaltimeout':
      state.totalTimeoutMs = toMilliseconds(readInteger(line, value));
      state.origins.totalTimeoutMs = origin;
      return;
    case 'default':
      state.globalDefault = rest();
      directives(state, statement, menu);
      return;
  }
  if (isKernelType(word)) {
    if (!label.label) return;
    label.kernel = rest();
    label.type = word;
    return;
  }
  directives(state, statement, menu);
}

/** What both parsers know after MENU. */
function readMenuSetting(state: SyslinuxState, { line, word, value, end, origin }: Statement, at: MenuState): void {
  const { label, menus } = state;
  const { menu, parentEntry } = at;
  const rest = line.slice(value);
  switch (word) {
    case 'label':
      if (label.label) label.menuLabel = { value: rest, origin };
      else if (parentEntry) {
        parentEntry.entry.display = rest;
        parentEntry.entry.origins.display = origin;
        at.showsTag = false;
        menus.considerHotkey(parentEntry.menu, parentEntry.entry);
        if (menu.title === '') {
          menu.title = rest.replaceAll('^', '');
          menu.origins.title = origin;
        }
      }
      return;
    case 'title':
      menu.title = rest;
      menu.origins.title = origin;
      if (parentEntry && at.showsTag) {
        parentEntry.entry.display = rest;
        parentEntry.entry.origins.display = origin;
        at.showsTag = false;
      }
      return;
    case 'default':
      if (label.label) label.isDefault = origin;
      else if (parentEntry) {
        parentEntry.menu.menu.default = parentEntry.position;
        parentEntry.menu.menu.origins.default = origin;
      }
      return;
    case 'hide':
      label.hide = origin;
      return;
    case 'passwd':
      if (label.label) label.passwd = { value: rest, origin };
      else if (parentEntry) {
        parentEntry.entry.passwd = rest;
        parentEntry.entry.origins.passwd = origin;
      }
      return;
    case 'shiftkey':
      state.shiftkey = true;
      state.origins.shiftkey = origin;
      return;
    case 'hidden':
      state.hidden = true;
      state.origins.hidden = origin;
      return;
    case 'save':
    case 'nosave':
      if (label.label) label.save = word === 'save' ? 1 : -1;
      else {
        menu.save = word === 'save';
        menu.origins.save = origin;
      }
      return;
    case 'onerror':
      menu.onerror = rest;
      menu.origins.onerror = origin;
      return;
    case 'master': {
      const second = wordAt(line, value);
      if (second.word.toLowerCase() !== 'passwd') return;
      menu.masterPasswd = line.slice(skipSpace(line, second.end));
      menu.origins.masterPasswd = origin;
      return;
    }
    case 'background':
      menu.background = wordAt(line, value).word;
      menu.origins.background = origin;
      return;
    case 'color':
    case 'colour': {
      const element = applyColor(at.colors, line, value);
      if (element !== undefined) menu.origins[`colors.${element}`] = origin;
      return;
    }
    case 'msgcolor':
    case 'msgcolour':
      applyMessageColor(at.colors, line, value);
      menu.origins['colors.msg'] = origin;
      return;
    case 'disable':
    case 'disabled':
      label.disabled = origin;
      return;
    case 'indent':
      label.indent = { value: readInteger(line, value), origin };
      return;
    case 'quit':
      if (label.label) label.action = { value: 'quit', origin };
      return;
    case 'goto':
      if (!label.label) return;
      label.action = { value: 'goto', origin };
      label.kernel = { value: rest, origin };
      return;
    case 'exit':
      if (!label.label || !at.parent) return;
      label.action = { value: 'exit', origin };
      label.exitTo = rest === '' ? at.parent : undefined;
      if (rest !== '') label.kernel = { value: rest, origin };
      return;
    case 'start':
      menus.start = at;
      state.origins.startMenu = origin;
      return;
  }
  if (Object.hasOwn(DEFAULT_MESSAGES, word)) {
    menu.messages[word as keyof MenuMessages] = rest;
    menu.origins[`messages.${word}`] = origin;
  } else if (Object.hasOwn(DEFAULT_PARAMS, word)) {
    menu.params[word as keyof MenuParams] = readInteger(line, end);
    menu.origins[`params.${word}`] = origin;
  }
}

/** `F1 file background`. F0 and a bare F are F11, and blanks may stand before the number. */
function readFunctionKey({ line, start, origin }: Statement, { menu }: MenuState): boolean {
  const number = readUnsigned(line, start + 1, 10);
  if (number.end < line.length && wordEnd(line, number.end) !== number.end) return false;
  const key = number.value | 0;
  if (key < 0 || key > 12) return false;
  const file = wordAt(line, skipSpace(line, number.end));
  const setting: FunctionKey = [file.word];
  if (file.end < line.length) setting.push(wordAt(line, skipSpace(line, file.end)).word);
  const name = `F${key === 0 ? 11 : key}`;
  menu.fkeys[name] = setting;
  menu.origins[`fkeys.${name}`] = origin;
  return true;
}

/** The lines up to ENDTEXT, as they are; kept only after TEXT HELP. */
function readText(state: SyslinuxState, reader: LineReader, keep: boolean): void {
  const origin = { file: reader.file, line: reader.line };
  const parts: string[] = [];
  for (let piece = reader.next(); piece !== undefined; piece = reader.next()) {
    const nul = piece.indexOf('\0');
    const text = nul === -1 ? piece : piece.slice(0, nul);
    if (wordAt(text, skipSpace(text, 0)).word.toLowerCase() === 'endtext') break;
    if (keep) parts.push(text);
  }
  if (parts.length === 0) return;
  const { help } = state.label;
  state.label.help = { value: (help?.value ?? '') + parts.join(''), origin: help?.origin ?? origin };
}

/** Tenths of a second to milliseconds. */
export function toMilliseconds(tenths: number): number {
  return Math.trunc((tenths * 1000 + 9) / 10);
}
