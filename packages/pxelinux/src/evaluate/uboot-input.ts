import type { Origin } from '../model.js';

/** The words U-Boot knows, and the directive each one is. */
const KEYWORDS: Readonly<Record<string, string>> = {
  menu: 'menu',
  title: 'title',
  timeout: 'timeout',
  default: 'default',
  prompt: 'prompt',
  label: 'label',
  kernel: 'kernel',
  linux: 'kernel',
  localboot: 'localboot',
  append: 'append',
  initrd: 'initrd',
  include: 'include',
  devicetree: 'fdt',
  fdt: 'fdt',
  devicetreedir: 'fdtdir',
  fdtdir: 'fdtdir',
  fdtoverlays: 'fdtoverlays',
  'devicetree-overlay': 'fdtoverlays',
  ontimeout: 'default',
  ipappend: 'ipappend',
  background: 'background',
  kaslrseed: 'kaslrseed',
  fallback: 'fallback',
};

type Token = { type: 'eol' } | { type: 'eof' } | { type: 'string'; value: string } | { type: 'keyword'; name: string };

/** A file being read. U-Boot reads characters, not lines: a directive that finds its line empty goes on with the next one. */
export class Input {
  readonly text: string;
  readonly file: string;
  at = 0;
  #lineAt = 0;
  #line = 1;

  constructor(file: string, text: string) {
    this.file = file;
    const nul = text.indexOf('\0');
    this.text = nul === -1 ? text : text.slice(0, nul);
  }

  token(kind: 'keyword' | 'literal'): Token {
    const { text } = this;
    let c = this.at;
    while (text[c] === ' ' || text[c] === '\t') c++;
    if (text[c] === '#') while (c < text.length && text[c] !== '\n') c++;
    if (c >= text.length) {
      this.at = text.length;
      return { type: 'eof' };
    }
    if (text[c] === '\n') {
      this.at = c + 1;
      return { type: 'eol' };
    }
    const start = c;
    if (kind === 'literal') {
      c = lineEnd(text, c);
      this.at = c;
      return { type: 'string', value: text.slice(start, c) };
    }
    while (c < text.length && !isSpace(text.charCodeAt(c))) c++;
    this.at = c;
    const value = text.slice(start, c).toLowerCase();
    return Object.hasOwn(KEYWORDS, value) ? { type: 'keyword', name: KEYWORDS[value] as string } : { type: 'string', value };
  }

  skipLine(): void {
    this.at = lineEnd(this.text, this.at);
  }

  /** The place of the last token read. */
  origin(): Origin {
    for (let next = this.text.indexOf('\n', this.#lineAt); next !== -1 && next < this.at; next = this.text.indexOf('\n', this.#lineAt)) {
      this.#lineAt = next + 1;
      this.#line++;
    }
    return { file: this.file, line: this.#line };
  }
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
