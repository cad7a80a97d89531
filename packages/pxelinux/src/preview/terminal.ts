import { type Cell, COLORS, DEFAULT_COLOR, type Screen } from './screen.js';

/**
 * Where menu.c32's output is looked at. `serial`: a terminal of today at the serial port, which takes text for UTF-8 and passes over
 * tabs. `vga`: the PC's own screen, where each byte is a character of code page 437 and tabs are painted blanks.
 */
export type Console = 'serial' | 'vga';

/** The DEC line drawing set, for what menu.c32 draws with. */
const LINE_DRAWING: Record<string, string> = {
  '`': '◆',
  a: '▒',
  f: '°',
  g: '±',
  j: '┘',
  k: '┐',
  l: '┌',
  m: '└',
  n: '┼',
  o: '⎺',
  p: '⎻',
  q: '─',
  r: '⎼',
  s: '⎽',
  t: '├',
  u: '┤',
  v: '┴',
  w: '┬',
  x: '│',
  y: '≤',
  z: '≥',
  '{': 'π',
  '|': '≠',
  '}': '£',
  '~': '·',
};

const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ';

const BEL = 7;
const BS = 8;
const TAB = 9;
const LF = 10;
const FF = 12;
const CR = 13;
const SO = 14;
const SI = 15;
const ESC = 27;
const DEL = 127;

/**
 * The terminal at the end of menu.c32's output: a VT100 with colours, plus the `\1#N` codes by which menu.c32 names a row of
 * its colour table. One character of what is written is one byte.
 *
 * Text past the last column goes on in the next row, and the last row scrolls, as on the real ones.
 */
export class Terminal {
  readonly screen: Screen;
  readonly #ansi: readonly string[];
  readonly #console: Console;
  #row = 0;
  #column = 0;
  #lineDrawing = false;
  #pen: Cell = { char: ' ', color: DEFAULT_COLOR, element: undefined };

  /** @param ansi SGR parameters of each row of the colour table. */
  constructor(screen: Screen, { ansi, console }: { ansi: readonly string[]; console: Console }) {
    this.screen = screen;
    this.#ansi = ansi;
    this.#console = console;
  }

  write(text: string): void {
    let at = 0;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code >= 1 && code <= 5) at = this.#element(text, at);
      else if (code === ESC) at = this.#escape(text, at + 1);
      else if (code < 32 || code === DEL) {
        this.#control(code);
        at++;
      } else {
        const start = at;
        while (at < text.length && text.charCodeAt(at) >= 32 && text.charCodeAt(at) !== DEL) at++;
        for (const char of this.#decode(text.slice(start, at))) this.#draw(char);
      }
    }
  }

  #decode(bytes: string): Iterable<string> {
    if (this.#lineDrawing) return Array.from(bytes, (char) => LINE_DRAWING[char] ?? char);
    if (this.#console === 'vga') return Array.from(bytes, (char) => CP437[char.charCodeAt(0) - 0x80] ?? char);
    return new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
  }

  #draw(char: string): void {
    const { columns } = this.screen;
    if (this.#column === columns) {
      this.#column = 0;
      this.#lineFeed();
    }
    this.screen.set(this.#row, this.#column, { ...this.#pen, char });
    this.#column++;
  }

  #control(code: number): void {
    const { columns } = this.screen;
    if (code === BS) this.#column = Math.max(0, Math.min(this.#column, columns - 1) - 1);
    else if (code === TAB) this.#tab();
    else if (code >= LF && code <= FF) this.#lineFeed();
    else if (code === CR) this.#column = 0;
    else if (code === SO) this.#lineDrawing = true;
    else if (code === SI) this.#lineDrawing = false;
    else if (code === BEL) return;
  }

  #tab(): void {
    const stop = (Math.floor(this.#column / 8) + 1) * 8;
    if (this.#console === 'serial') this.#column = Math.min(stop, this.screen.columns - 1);
    else for (let blanks = stop - this.#column; blanks > 0; blanks--) this.#draw(' ');
  }

  #lineFeed(): void {
    if (this.#row === this.screen.rows - 1) this.screen.scrollUp();
    else this.#row++;
  }

  /** `\1#7`, `\2#16`: the first byte is the number of digits. Gives the offset after it. */
  #element(text: string, at: number): number {
    const digits = text.charCodeAt(at);
    if (text[at + 1] !== '#') return at + 2;
    const end = at + 2 + digits;
    const number = text.slice(at + 2, end);
    const index = Number(number);
    const ansi = /^\d+$/.test(number) ? this.#ansi[index] : undefined;
    if (ansi !== undefined) {
      this.write(`\u001b[0;${ansi}m`);
      this.#pen = { ...this.#pen, element: index };
    }
    return end;
  }

  #escape(text: string, at: number): number {
    const char = text[at];
    if (char === '[') return this.#controlSequence(text, at + 1);
    return char === '%' || char === '(' || char === ')' || char === '#' ? at + 2 : at + 1;
  }

  #controlSequence(text: string, from: number): number {
    const params: number[] = [];
    let current = '';
    let isPrivate = false;
    for (let at = from; at < text.length; at++) {
      const char = text[at] as string;
      if (char === '?') isPrivate = true;
      else if (char >= '0' && char <= '9') current += char;
      else if (char === ';') {
        params.push(Number(current));
        current = '';
      } else if (char !== ' ') {
        params.push(Number(current));
        if (!isPrivate) this.#command(char, params);
        return at + 1;
      }
    }
    return text.length;
  }

  #command(name: string, params: readonly number[]): void {
    const { rows, columns } = this.screen;
    const [first = 0, second = 0] = params;
    if (name === 'H') {
      this.#row = Math.min(Math.max(first, 1), rows) - 1;
      this.#column = Math.min(Math.max(second, 1), columns) - 1;
    } else if (name === 'J' && first === 2) this.screen.clear(this.#console === 'vga' ? { ...this.#pen, char: ' ' } : undefined);
    else if (name === 'K' && first === 0) {
      for (let column = this.#column; column < columns; column++) this.screen.set(this.#row, column, { ...this.#pen, char: ' ' });
    } else if (name === 'm') this.#pen = { ...this.#pen, color: applySgr(this.#pen.color, params) };
  }
}

function applySgr(color: Cell['color'], params: readonly number[]): Cell['color'] {
  let { fg, bg, bold, reverse } = color;
  for (const code of params) {
    if (code === 0) ({ fg, bg, bold, reverse } = DEFAULT_COLOR);
    else if (code === 1) bold = true;
    else if (code === 22) bold = false;
    else if (code === 7) reverse = true;
    else if (code === 27) reverse = false;
    else if (code >= 30 && code <= 37) fg = COLORS[code - 30] ?? fg;
    else if (code === 39) fg = 'default';
    else if (code >= 40 && code <= 47) bg = COLORS[code - 40] ?? bg;
    else if (code === 49) bg = 'default';
  }
  return { fg, bg, bold, reverse };
}
