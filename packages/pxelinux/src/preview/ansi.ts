import { type Cell, type CellColor, type Screen, sameColor } from './screen.js';

const CODES: Record<CellColor, number> = {
  black: 0,
  red: 1,
  green: 2,
  brown: 3,
  blue: 4,
  magenta: 5,
  cyan: 6,
  white: 7,
  default: 9,
};

function sgr({ fg, bg, bold, reverse }: Cell['color']): string {
  return `\u001b[0;${bold ? '1;' : ''}${reverse ? '7;' : ''}${30 + CODES[fg]};${40 + CODES[bg]}m`;
}

/** A screen as text for a terminal, with colours as SGR sequences; each row ends with a reset and `\n`. */
export function toAnsi(screen: Screen): string {
  let out = '';
  for (let row = 0; row < screen.rows; row++) {
    let last: Cell['color'] | undefined;
    for (const { char, color } of screen.row(row)) {
      if (last === undefined || !sameColor(last, color)) out += sgr(color);
      last = color;
      out += char;
    }
    out += '\u001b[0m\n';
  }
  return out;
}
