import { formatArgb, readArgb } from '../evaluate/colors.js';
import type { ColorSetting, MenuModel } from '../model.js';
import { type Argb, over, parseArgb, toHex } from './blend.js';
import { colorTable } from './elements.js';
import { type RenderOptions, renderMenu } from './menu.js';
import type { Cell, CellColor, Screen } from './screen.js';

export interface SvgOptions extends Omit<RenderOptions, 'rows' | 'columns' | 'console'> {
  /** `menu.c32` in the colours of PC text mode, or `vesamenu.c32` in its own. Default: `vesamenu.c32`. */
  module?: 'menu.c32' | 'vesamenu.c32';
  /** vesamenu.c32: URL of the picture behind the menu, such as a `data:` URL. Default: black, or the colour MENU BACKGROUND names. */
  background?: string;
}

const BLACK: Argb = { rgb: [0, 0, 0], alpha: 1 };
const CELL = { width: 8, height: 16 };
/** Pixels around the text that vesamenu.c32 leaves free. */
const BORDER = 8;

/** The colours of PC text mode: plain and bright. */
const TEXT_MODE: Record<Exclude<CellColor, 'default'>, [plain: string, bright: string]> = {
  black: ['#000000', '#555555'],
  red: ['#aa0000', '#ff5555'],
  green: ['#00aa00', '#55ff55'],
  brown: ['#aa5500', '#ffff55'],
  blue: ['#0000aa', '#5555ff'],
  magenta: ['#aa00aa', '#ff55ff'],
  cyan: ['#00aaaa', '#55ffff'],
  white: ['#aaaaaa', '#ffffff'],
};

interface Paint {
  fg: string;
  fgOpacity: number;
  bg: string;
  bgOpacity: number;
  shadow: ColorSetting[3];
}

function textModePaint({ fg, bg, bold, reverse }: Cell['color']): Paint {
  const front = TEXT_MODE[fg === 'default' ? 'white' : fg][bold ? 1 : 0];
  const back = TEXT_MODE[bg === 'default' ? 'black' : bg][0];
  const [ink, paper] = reverse ? [back, front] : [front, back];
  return { fg: ink, fgOpacity: 1, bg: paper, bgOpacity: 1, shadow: 'none' };
}

/**
 * Letters and their ground are both mixed with what is behind the menu, not with each other. With a plain colour there this is
 * exact; over a picture SVG does the mixing, which comes out darker than in vesamenu.c32.
 */
function vesaPaint([, foreground, background, shadow]: Readonly<ColorSetting>, plain: Argb | undefined): Paint {
  const fg = parseArgb(foreground);
  const bg = parseArgb(background);
  if (plain === undefined) {
    return { fg: toHex(fg), fgOpacity: rounded(fg.alpha), bg: toHex(bg), bgOpacity: rounded(bg.alpha), shadow };
  }
  const visible = ({ alpha }: Argb) => (alpha > 0 ? 1 : 0);
  return { fg: toHex(over(fg, plain)), fgOpacity: visible(fg), bg: toHex(over(bg, plain)), bgOpacity: visible(bg), shadow };
}

function rounded(alpha: number): number {
  return Math.round(alpha * 1000) / 1000;
}

/** Arms of the line drawing characters from the middle of the cell: left, right, up, down. */
const ARMS: Readonly<Record<string, string>> = {
  '─': 'lr',
  '│': 'ud',
  '┌': 'rd',
  '┐': 'ld',
  '└': 'ru',
  '┘': 'lu',
  '├': 'rud',
  '┤': 'lud',
  '┬': 'lrd',
  '┴': 'lru',
  '┼': 'lrud',
};

function arms(char: string, x: number, y: number): string {
  const middle = { x: x + CELL.width / 2, y: y + CELL.height / 2 };
  const ends: Record<string, string> = { l: `H${x}`, r: `H${x + CELL.width}`, u: `V${y}`, d: `V${y + CELL.height}` };
  return Array.from(ARMS[char] ?? '', (arm) => `M${middle.x} ${middle.y}${ends[arm]}`).join('');
}

/** Browsers squeeze other blanks in SVG text into one. */
const NO_BREAK = '\u00a0';

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Text without the control characters that XML does not allow. */
function printable(text: string): string {
  return Array.from(text)
    .filter((char) => char >= ' ')
    .join('');
}

function opacity(name: string, value: number): string {
  return value === 1 ? '' : ` ${name}="${value}"`;
}

/** A stretch of cells of one row that are painted alike. */
interface Run {
  x: number;
  y: number;
  text: string;
  paint: Paint;
}

function runs(screen: Screen, paintOf: (cell: Cell) => Paint, border: number): Run[] {
  const found: Run[] = [];
  for (let row = 0; row < screen.rows; row++) {
    let run: Run | undefined;
    let last: Paint | undefined;
    for (const [column, cell] of screen.row(row).entries()) {
      const paint = paintOf(cell);
      if (run && paint === last) run.text += cell.char;
      else {
        run = { x: border + column * CELL.width, y: border + row * CELL.height, text: cell.char, paint };
        found.push(run);
      }
      last = paint;
    }
  }
  return found;
}

/** What a shadow takes of the light below it. `std` shadows what is written; `all` raises the ground with it, so nothing shows. */
const SHADOW = 0.75;

function drawRun({ x, y, text, paint }: Run): string {
  const width = text.length * CELL.width;
  const out: string[] = [];
  if (paint.bgOpacity > 0) {
    out.push(
      `<rect x="${x}" y="${y}" width="${width}" height="${CELL.height}" fill="${paint.bg}"${opacity('fill-opacity', paint.bgOpacity)}/>`,
    );
  }
  if (paint.fgOpacity === 0) return out.join('');
  const glyphs = Array.from(text, (char) => (char in ARMS || char === '▒' ? ' ' : char)).join('');
  const words = glyphs.trim();
  const from = x + (glyphs.length - glyphs.trimStart().length) * CELL.width;
  if (words !== '') {
    const attributes = `textLength="${words.length * CELL.width}" lengthAdjust="spacingAndGlyphs"`;
    const line = (dx: number, fill: string, alpha: number) =>
      `<text x="${from + dx}" y="${y + 12 + dx}" ${attributes} fill="${fill}"${opacity('fill-opacity', alpha)}>${escapeXml(words).replaceAll(' ', NO_BREAK)}</text>`;
    if (paint.shadow === 'std') out.push(line(1, '#000000', SHADOW));
    out.push(line(0, paint.fg, paint.fgOpacity));
  }
  const path = Array.from(text, (char, i) => arms(char, x + i * CELL.width, y)).join('');
  if (path !== '') out.push(`<path d="${path}" stroke="${paint.fg}"${opacity('stroke-opacity', paint.fgOpacity)}/>`);
  for (const [i, char] of Array.from(text).entries()) {
    if (char !== '▒') continue;
    const at = x + i * CELL.width;
    out.push(
      `<rect x="${at}" y="${y}" width="${CELL.width}" height="${CELL.height}" fill="${paint.fg}" fill-opacity="${paint.fgOpacity / 2}"/>`,
    );
  }
  return out.join('');
}

/** Size of vesamenu.c32's screen in characters. */
function vesaSize([width, height]: readonly [number, number]): { rows: number; columns: number } {
  const fit = (pixels: number, cell: number) => Math.min(500, Math.max(1, Math.floor((pixels - 2 * BORDER) / cell)));
  return { rows: fit(height, CELL.height), columns: fit(width, CELL.width) };
}

/**
 * A menu as an SVG picture: as vesamenu.c32 paints it, with its colours and the resolution of MENU RESOLUTION (640x480), or as
 * menu.c32 does in text mode.
 */
export function renderSvg(model: Pick<MenuModel, 'menus' | 'startMenu' | 'hidden' | 'resolution'>, options: SvgOptions = {}): string {
  const { module = 'vesamenu.c32', background, ...render } = options;
  const vesa = module === 'vesamenu.c32';
  const size = vesa ? vesaSize(model.resolution ?? [640, 480]) : { rows: 25, columns: 80 };
  const border = vesa ? BORDER : 0;
  const width = size.columns * CELL.width + 2 * border;
  const height = size.rows * CELL.height + 2 * border;
  const menu = model.menus[options.menu ?? model.startMenu];
  const solid = vesa && menu?.background?.startsWith('#') ? parseArgb(formatArgb(readArgb(menu.background, 0).value)) : BLACK;
  const paints = colorTable(menu?.colors ?? {}).map((color) => vesaPaint(color, background === undefined ? solid : undefined));
  const textMode = new Map<string, Paint>();
  const paintOf = (cell: Cell): Paint => {
    if (vesa) return paints[cell.element ?? 0] as Paint;
    const key = Object.values(cell.color).join();
    const paint = textMode.get(key) ?? textModePaint(cell.color);
    textMode.set(key, paint);
    return paint;
  };
  const screen = renderMenu(model, { ...render, ...size, console: 'vga' });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(printable(menu?.title ?? '') || 'Boot menu')}</title>`,
    `<rect width="${width}" height="${height}" fill="${toHex(solid)}"/>`,
    ...(background === undefined
      ? []
      : [`<image href="${escapeXml(background)}" width="${width}" height="${height}" preserveAspectRatio="none"/>`]),
    '<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13">',
    ...runs(screen, paintOf, border).map(drawRun).filter(Boolean),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}
