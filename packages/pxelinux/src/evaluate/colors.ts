import type { ColorSetting } from '../model.js';
import { digitValue, endsWord, skipSpace, wordAt } from './text.js';

type Shadow = ColorSetting[3];

/** The colours menu.c32 and vesamenu.c32 start with (com32/menu/colors.c, 6.04). */
export const DEFAULT_COLORS: Readonly<Record<string, Readonly<ColorSetting>>> = {
  screen: ['37;40', '#80ffffff', '#00000000', 'std'],
  border: ['30;44', '#40000000', '#00000000', 'std'],
  title: ['1;36;44', '#c00090f0', '#00000000', 'std'],
  unsel: ['37;44', '#90ffffff', '#00000000', 'std'],
  hotkey: ['1;37;44', '#ffffffff', '#00000000', 'std'],
  sel: ['7;37;40', '#e0000000', '#20ff8000', 'all'],
  hotsel: ['1;7;37;40', '#e0400000', '#20ff8000', 'all'],
  scrollbar: ['30;44', '#40000000', '#00000000', 'std'],
  tabmsg: ['31;40', '#90ffff00', '#00000000', 'std'],
  cmdmark: ['1;36;40', '#c000ffff', '#00000000', 'std'],
  cmdline: ['37;40', '#c0ffffff', '#00000000', 'std'],
  pwdborder: ['30;47', '#80ffffff', '#20ffffff', 'std'],
  pwdheader: ['31;47', '#80ff8080', '#20ffffff', 'std'],
  pwdentry: ['30;47', '#80ffffff', '#20ffffff', 'std'],
  timeout_msg: ['37;40', '#80ffffff', '#00000000', 'std'],
  timeout: ['1;37;40', '#c0ffffff', '#00000000', 'std'],
  help: ['37;40', '#c0ffffff', '#00000000', 'std'],
  disabled: ['1;30;44', '#60cccccc', '#00000000', 'std'],
};

const MESSAGE_FOREGROUND = 0x90ffffff;
const MESSAGE_BACKGROUND = 0x80ffffff;
/** What a colour that cannot be read becomes. */
const BAD_COLOR = 0xffff0000;

/** Colour of a message attribute byte as a mask of red, green and blue; the text-mode order is blue first. */
const MESSAGE_RGB = [0x000000, 0x0000ff, 0x00ff00, 0x00ffff, 0xff0000, 0xff00ff, 0xffff00, 0xffffff] as const;
const MESSAGE_ANSI = [0, 4, 2, 6, 1, 5, 3, 7] as const;

/** The colours a menu has set, by element; elements `msg00` to `msgff` are the attributes of message files. */
export type ColorTable = ReadonlyMap<string, ColorSetting>;

/** The starting colour of an element, `undefined` when there is no such element. Names are in lower case. */
function defaultColor(element: string): Readonly<ColorSetting> | undefined {
  if (Object.hasOwn(DEFAULT_COLORS, element)) return DEFAULT_COLORS[element];
  const attribute = /^msg([0-9a-f]{2})$/.exec(element)?.[1];
  return attribute === undefined ? undefined : messageColor(Number.parseInt(attribute, 16), MESSAGE_FOREGROUND, MESSAGE_BACKGROUND, 'std');
}

/** `MENU COLOR element ansi fg bg shadow`. Missing fields and `*` leave a field as it is. Gives the element and its colour. */
export function readColor(table: ColorTable, line: string, at: number): [element: string, color: ColorSetting] | undefined {
  const { word, end } = wordAt(line, at);
  const element = word.toLowerCase();
  const old = table.get(element) ?? defaultColor(element);
  if (old === undefined) return undefined;
  const color: ColorSetting = [...old];
  let p = skipSpace(line, end);
  if (p >= line.length) return undefined;
  if (isStar(line, p)) p++;
  else {
    const ansi = wordAt(line, p);
    color[0] = ansi.word;
    p = ansi.end;
  }
  for (const field of [1, 2] as const) {
    p = skipSpace(line, p);
    if (p >= line.length) return [element, color];
    if (isStar(line, p)) p++;
    else {
      const argb = readArgb(line, p);
      color[field] = formatArgb(argb.value);
      p = argb.end;
    }
  }
  color[3] = readShadow(line, skipSpace(line, p)) ?? color[3];
  return [element, color];
}

/** `MENU MSGCOLOR fg bg shadow` sets the colours of all 256 message attributes. A `*` stops the reading of what follows. */
export function setMessageColors(table: Map<string, ColorSetting>, line: string, at: number): void {
  let foreground = MESSAGE_FOREGROUND;
  let background = MESSAGE_BACKGROUND;
  let shadow: Shadow = 'std';
  let p = at;
  if (p < line.length) {
    if (!isStar(line, p)) ({ value: foreground, end: p } = readArgb(line, p));
    p = skipSpace(line, p);
    if (p < line.length) {
      if (!isStar(line, p)) ({ value: background, end: p } = readArgb(line, p));
      shadow = readShadow(line, skipSpace(line, p)) ?? shadow;
    }
  }
  for (let attribute = 0; attribute < 256; attribute++) {
    const element = `msg${attribute.toString(16).padStart(2, '0')}`;
    const color = messageColor(attribute, foreground, background, shadow);
    color[0] = table.get(element)?.[0] ?? color[0];
    table.set(element, color);
  }
}

/** The elements that differ from their starting colours. */
export function changedColors(table: ColorTable): Record<string, ColorSetting> {
  const changed: Record<string, ColorSetting> = {};
  for (const [element, color] of table) {
    const start = defaultColor(element);
    if (start === undefined || color.some((field, i) => field !== start[i])) changed[element] = color;
  }
  return changed;
}

function messageColor(attribute: number, foreground: number, background: number, shadow: Shadow): ColorSetting {
  const ansi = `${attribute & 8 ? '1;' : ''}3${MESSAGE_ANSI[attribute & 7]};4${MESSAGE_ANSI[(attribute >> 4) & 7]}`;
  const high = attribute >> 4;
  let bg = 0;
  if (high !== 0) bg = withAlpha((MESSAGE_RGB[high & 7] as number) & background, background, (high & 8) !== 0);
  const fg = withAlpha((MESSAGE_RGB[attribute & 7] as number) & foreground, foreground, (attribute & 8) !== 0);
  return [ansi, formatArgb(fg), formatArgb(bg), shadow];
}

function withAlpha(rgb: number, source: number, bright: boolean): number {
  const alpha = bright ? ((source >>> 1) & 0xff000000) | 0x80000000 : source & 0xff000000;
  return (rgb | alpha) >>> 0;
}

function isStar(line: string, at: number): boolean {
  return line[at] === '*' && (at + 1 >= line.length || endsWord(line.charCodeAt(at + 1)));
}

/** `#rgb #argb #rrggbb #aarrggbb #rrrgggbbb #rrrrggggbbbb #aaaarrrrggggbbbb`; any other number of digits is opaque red. */
export function readArgb(line: string, at: number): { value: number; end: number } {
  const start = line[at] === '#' ? at + 1 : at;
  let end = start;
  while (end < line.length && digitValue(line.charCodeAt(end)) < 16) end++;
  const one = (i: number) => digitValue(line.charCodeAt(start + i)) * 0x11;
  const two = (i: number) => digitValue(line.charCodeAt(start + i)) * 16 + digitValue(line.charCodeAt(start + i + 1));
  const join = (a: number, r: number, g: number, b: number) => ((a << 24) | (r << 16) | (g << 8) | b) >>> 0;
  const count = end - start;
  let value = BAD_COLOR;
  if (count === 3) value = join(0xff, one(0), one(1), one(2));
  else if (count === 4) value = join(one(0), one(1), one(2), one(3));
  else if (count === 6 || count === 9 || count === 12) value = join(0xff, two(0), two(count / 3), two((count / 3) * 2));
  else if (count === 8 || count === 16) value = join(two(0), two(count / 4), two(count / 2), two((count / 4) * 3));
  return { value, end };
}

export function formatArgb(value: number): string {
  return `#${value.toString(16).padStart(8, '0')}`;
}

function readShadow(line: string, at: number): Shadow | undefined {
  switch (line[at]?.toLowerCase()) {
    case 'n':
      return 'none';
    case 's':
      return 'std';
    case 'a':
      return 'all';
    case 'r':
      return 'rev';
    default:
      return undefined;
  }
}
