import type { FunctionKey, MenuMessages, MenuParams } from '../model.js';
import { readColor, setMessageColors } from './colors.js';
import { isKernelType } from './label.js';
import { DEFAULT_MESSAGES, DEFAULT_PARAMS, type MenuState } from './menus.js';
import type { Directives, Statement, SyslinuxState } from './syslinux.js';
import { readInteger, readLong, readUnsigned, skipSpace, wordAt, wordEnd } from './text.js';

/** What both parsers know outside of MENU. */
export function readSetting(state: SyslinuxState, statement: Statement, menu: MenuState, directives: Directives): void {
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
      state.totalTimeoutMs = state.engine === 'core' ? toMilliseconds(readInteger(line, value)) : toLongMilliseconds(readLong(line, value));
      state.origins.totalTimeoutMs = origin;
      return;
    case 'default':
      state.globalDefault = rest();
      directives(statement, menu);
      return;
  }
  if (isKernelType(word)) {
    if (!label.label) return;
    label.kernel = rest();
    label.type = word;
    return;
  }
  directives(statement, menu);
}

/** What both parsers know after MENU. */
export function readMenuSetting(state: SyslinuxState, { line, word, value, end, origin }: Statement, at: MenuState): void {
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
      if (label.label) label.save = { value: word === 'save', origin };
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
      const setting = readColor(at.colors, line, value);
      if (setting === undefined) return;
      at.changeColors().set(...setting);
      menu.origins[`colors.${setting[0]}`] = origin;
      return;
    }
    case 'msgcolor':
    case 'msgcolour':
      setMessageColors(at.changeColors(), line, value);
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
    menu.messages = { ...menu.messages, [word as keyof MenuMessages]: rest };
    menu.origins[`messages.${word}`] = origin;
  } else if (Object.hasOwn(DEFAULT_PARAMS, word)) {
    menu.params = { ...menu.params, [word as keyof MenuParams]: readInteger(line, end) };
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
  menu.fkeys = { ...menu.fkeys, [name]: setting };
  menu.origins[`fkeys.${name}`] = origin;
  return true;
}

/** Tenths of a second to milliseconds with the 32 bits of the loaders: -1 is 49 days, 3000000 wraps (seen on the real menu.c32). */
export function toMilliseconds(tenths: number): number {
  return Math.trunc(((Math.imul(tenths, 1000) + 9) | 0) / 10) >>> 0;
}

/** The same with the 64 bits that menu.c32 has for TOTALTIMEOUT. */
function toLongMilliseconds(tenths: number): number {
  return Math.trunc((tenths * 1000 + 9) / 10);
}
