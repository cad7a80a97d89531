import type { Menu, MenuEntry, MenuModel, MenuParams } from '../model.js';
import { colorTable } from './elements.js';
import { Screen } from './screen.js';
import { type Console, Terminal } from './terminal.js';

/** What of a model the screen depends on. */
export type MenuScreenModel = Pick<MenuModel, 'menus' | 'startMenu' | 'hidden'>;

export interface RenderOptions {
  /** Which menu, by index. Default: the one that opens first. */
  menu?: number;
  /** Selected entry, by index. Default: the menu's default entry. */
  selected?: number;
  /** Seconds shown in the countdown. Default: the whole timeout. */
  secondsLeft?: number;
  /** Shows a hidden menu as after a key press. Default: false. */
  revealed?: boolean;
  /** Screen size in characters. Default: 25 rows of 80. */
  rows?: number;
  columns?: number;
  /** Default: `serial`. */
  console?: Console;
}

const GRAPHICS = '\u000e';
const TEXT = '\u000f';

/** Selects a row of the colour table. */
function element(index: number): string {
  const digits = String(index);
  return `${String.fromCharCode(digits.length)}#${digits}`;
}

const SCREEN = element(0);
const BORDER = element(1);
const TITLE = element(2);
const UNSELECTED = element(3);
const HOTKEY = element(4);
const SELECTED = element(5);
const HOT_SELECTED = element(6);
const SCROLLBAR = element(7);
const TAB_MESSAGE = element(8);
const TIMEOUT_MESSAGE = element(14);
const TIMEOUT = element(15);
const HELP = element(16);
const DISABLED = element(17);

function moveTo(row: number, column: number): string {
  return `\u001b[${row};${column}H`;
}

/** Text in a field, cut to it; `centred` puts half of the room before it. Widths count bytes, also those that show nothing. */
function pad(text: string, width: number, centred: boolean): string {
  const field = Math.max(0, width);
  const cut = text.slice(0, field);
  const before = centred ? (field - cut.length) >> 1 : 0;
  return (' '.repeat(before) + cut).padEnd(field);
}

/** One character per byte, as the loader has it. */
function toBytes(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0xff) return String.fromCharCode(...new TextEncoder().encode(text));
  }
  return text;
}

/** A menu that is drawn: its parameters resolved against the screen, as menu.c32 does before it starts. */
interface Layout {
  menu: Menu;
  params: MenuParams;
  width: number;
  /** Width of the box, borders included. */
  boxWidth: number;
  left: number;
}

/** Parameters beyond this draw nothing that could be told apart on a screen. */
const LARGEST = 1000;

function layOut(menu: Menu, rows: number, columns: number): Layout {
  const params = { ...menu.params };
  if (params.width === 0) params.width = columns;
  for (const name of Object.keys(params) as (keyof MenuParams)[]) {
    if (params[name] < 0) params[name] = Math.max(params[name] + rows, 0);
    params[name] = Math.min(params[name], LARGEST);
  }
  return { menu, params, width: params.width, boxWidth: params.width - 2 * params.margin, left: params.hshift + params.margin + 1 };
}

function isDisabled(entry: MenuEntry | undefined): boolean {
  return entry?.action === 'disabled';
}

/** The first entry, from the wanted one, that the cursor can stand on. */
function selectable(entries: readonly MenuEntry[], wanted: number): number {
  let at = wanted;
  if (at <= 0) {
    at = 0;
    while (at < entries.length && isDisabled(entries[at])) at++;
  }
  if (at >= entries.length - 1) {
    at = entries.length - 1;
    while (at > 0 && isDisabled(entries[at])) at--;
  }
  return at;
}

/** The key of entries without one; a blank after the `^` stands for it. */
const NO_KEY = 0;

function entryText(entry: MenuEntry, width: number, plain: string, hot: string): string {
  const marker = entry.action === 'submenu' ? ' >' : entry.action === 'exit' ? ' <' : '';
  const text = toBytes(entry.display);
  let room = Math.max(0, width - marker.length);
  let out = '';
  let at = 0;
  while (room > 0) {
    const char = text[at];
    if (char === undefined) return out + ' '.repeat(room) + marker;
    at++;
    if (char !== '^') {
      out += char;
      room--;
      continue;
    }
    const next = text[at];
    if (next !== undefined && (next.charCodeAt(0) & ~0x20) === (entry.hotkey ?? NO_KEY)) {
      out += hot + next + plain;
      at++;
      room--;
    }
  }
  return out + marker;
}

function drawRow(layout: Layout, row: number, top: number, selected: number, onScrollbar: boolean): string {
  const { menu, params, boxWidth, left } = layout;
  const index = row - 4 - params.vshift + top;
  const entry = menu.entries[index];
  const disabled = isDisabled(entry);
  const plain = index === selected ? SELECTED : disabled ? DISABLED : UNSELECTED;
  const hot = index === selected ? HOT_SELECTED : disabled ? DISABLED : HOTKEY;
  const body = entry ? entryText(entry, boxWidth - 4, plain, hot) : ' '.repeat(Math.max(0, boxWidth - 4));
  const edge = onScrollbar ? ` ${SCROLLBAR}${GRAPHICS}a${TEXT}` : ` ${BORDER}${GRAPHICS}x${TEXT}`;
  return `${moveTo(row, left)}${BORDER}${GRAPHICS}x${TEXT}${plain} ${body}${edge}`;
}

/** Screen rows of the scroll bar's thumb; none when all entries fit. */
function scrollbar(entries: number, { rows, vshift }: Layout['params'], top: number): { from: number; to: number } | undefined {
  if (entries <= rows) return undefined;
  const length = Math.max(Math.trunc((rows * rows) / entries), 1);
  const from = Math.trunc(((rows - length + 1) * top) / (entries - rows + 1)) + 4 + vshift;
  return { from, to: from + length - 1 };
}

function drawBox(layout: Layout, selected: number, top: number): string {
  const { menu, params, boxWidth, left, width } = layout;
  const line = 'q'.repeat(Math.max(0, boxWidth - 2));
  const bar = scrollbar(menu.entries.length, params, top);
  const out = [
    `${moveTo(params.vshift + 1, left)}${BORDER}${GRAPHICS}l${line}k`,
    `${moveTo(params.vshift + 2, left)}${BORDER}x${TEXT}${TITLE} ${pad(toBytes(menu.title), boxWidth - 4, true)} ${BORDER}${GRAPHICS}x`,
    `${moveTo(params.vshift + 3, left)}${BORDER}t${line}u${TEXT}`,
  ];
  const first = 4 + params.vshift;
  for (let row = first; row < first + params.rows; row++) {
    out.push(drawRow(layout, row, top, selected, bar !== undefined && row >= bar.from && row <= bar.to));
  }
  out.push(`${moveTo(first + Math.max(0, params.rows), left)}${BORDER}${GRAPHICS}m${line}j${TEXT}`);
  const message = toBytes(menu.allowEdit && menu.masterPasswd === null ? menu.messages.tabmsg : menu.messages.notabmsg);
  out.push(`${TAB_MESSAGE}${moveTo(params.tabmsgrow + params.vshift, 1 + params.hshift + ((width - message.length) >> 1))}${message}`);
  out.push(`${SCREEN}${moveTo(params.endrow, 1)}`);
  return out.join('');
}

function drawHelp({ params }: Layout, help: string | undefined): string {
  let row = params.helpmsgrow + params.vshift;
  let out = `${help === undefined ? SCREEN : HELP}${moveTo(row, 1)}`;
  for (const char of toBytes(help ?? '')) {
    if (row > params.helpmsgendrow) break;
    if (char === '\n') out += `\u001b[K${moveTo(++row, 1)}`;
    else if (char !== '\r' && char !== '\f' && char !== '\v' && char !== '\u001b') out += char;
  }
  out += '\u001b[K';
  while (row <= params.helpmsgendrow) out += `\u001b[K${moveTo(++row, 1)}`;
  return out;
}

/** menu.c32's buffer for the countdown, less what it keeps free. */
const COUNTDOWN_BYTES = 256 - 16;

/** `# second{,s}`: `#` becomes the number; `{one,two,many}` the word that goes with it. */
function countdown(message: string, seconds: number): { text: string; length: number } {
  const bytes = toBytes(message);
  let text = '';
  let formatting = 0;
  let at = 0;
  while (text.length < COUNTDOWN_BYTES && at < bytes.length) {
    const char = bytes[at++] as string;
    if (char === '#') {
      text += `${TIMEOUT}${seconds}${TIMEOUT_MESSAGE}`;
      formatting += TIMEOUT.length + TIMEOUT_MESSAGE.length;
    } else if (char === '{') {
      const close = bytes.indexOf('}', at);
      const [singular = '', ...rest] = bytes.slice(at, close === -1 ? undefined : close).split(',');
      const dual = rest[0] ?? singular;
      const plural = rest.length > 1 ? rest.slice(1).join(',') : dual;
      text += seconds === 1 ? singular : seconds === 2 ? dual : plural;
      at = close === -1 ? bytes.length : close + 1;
    } else text += char;
  }
  return { text: text.slice(0, 256), length: text.length - formatting };
}

function drawCountdown({ params, width, menu }: Layout, row: number, seconds: number): string {
  const { text, length } = countdown(menu.messages.autoboot, seconds);
  return `${moveTo(row, params.hshift + 1 + ((width - length) >> 1))}${TIMEOUT_MESSAGE}${text}`;
}

const CLEAR_SCREEN = `\u001be\u001b%@\u001b)0\u001b(B${SCREEN}\u001b[?25l\u001b[2J`;

/**
 * The first screen that menu.c32 shows for a model, or the one the options ask for.
 * Seen on the real menu.c32 6.04 in QEMU, cell by cell with attributes.
 */
export function renderMenu(model: MenuScreenModel, options: RenderOptions = {}): Screen {
  const { rows = 25, columns = 80, console = 'serial' } = options;
  const screen = new Screen(rows, columns);
  const menu = model.menus[options.menu ?? model.startMenu];
  if (!menu) return screen;
  const terminal = new Terminal(screen, { ansi: colorTable(menu.colors).map(([ansi]) => ansi), console });
  const { entries } = menu;
  if (entries.length === 0) {
    terminal.write('Initial menu has no LABEL entries!\n');
    return screen;
  }
  const layout = layOut(menu, rows, columns);
  const seconds = options.secondsLeft ?? Math.floor(menu.timeoutMs / 1000);
  terminal.write(CLEAR_SCREEN);
  if (model.hidden && !options.revealed) {
    terminal.write(drawCountdown(layout, layout.params.hiddenrow, seconds));
    return screen;
  }
  const selected = selectable(entries, options.selected ?? menu.default);
  const top = Math.max(0, selected - layout.params.rows + 1);
  terminal.write(drawBox(layout, selected, top));
  terminal.write(drawHelp(layout, entries[selected]?.help));
  const counting = menu.timeoutMs > 0 && selected === menu.default && !options.revealed;
  if (counting) terminal.write(drawCountdown(layout, layout.params.timeoutrow + layout.params.vshift, seconds));
  return screen;
}
