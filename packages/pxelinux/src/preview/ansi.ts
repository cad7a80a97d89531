import { type Cell, type CellColor, COLORS, type Screen, sameColor } from './screen.js';

const DEFAULT = 9;

function code(color: CellColor): number {
  return color === 'default' ? DEFAULT : COLORS.indexOf(color);
}

function sgr({ fg, bg, bold, reverse }: Cell['color']): string {
  return `\u001b[0;${bold ? '1;' : ''}${reverse ? '7;' : ''}${30 + code(fg)};${40 + code(bg)}m`;
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
