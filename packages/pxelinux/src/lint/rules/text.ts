import { DIRECTIVES } from '../../known.js';
import { type Finding, nameRange, type Rule } from '../rule.js';

/** Longest line the loaders read in one piece. */
const LINE_BYTES = 4095;

/** The text's lines without their ends, with offsets. */
function* lines(text: string): Iterable<{ start: number; end: number }> {
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    yield { start, end };
    start = end + 1;
  }
}

function byteLength(text: string, isBytes: boolean): number {
  return isBytes ? text.length : new TextEncoder().encode(text).length;
}

export const lineTooLong: Rule = {
  code: 'pxelinux/line-too-long',
  severity: 'error',
  engines: ['core', 'menu'],
  *check({ document }) {
    for (const { start, end } of lines(document.text)) {
      if (end - start < LINE_BYTES / 4) continue;
      const bytes = byteLength(document.text.slice(start, end), document.encoding === 'bytes');
      if (bytes <= LINE_BYTES) continue;
      yield { start, end, message: `This line has ${bytes} bytes; what follows byte ${LINE_BYTES} is read as a new line` };
    }
  },
};

export const byteOrderMark: Rule = {
  code: 'pxelinux/byte-order-mark',
  severity: 'error',
  engines: ['core', 'menu', 'uboot'],
  *check({ document }) {
    const mark = document.encoding === 'bytes' ? '\u00ef\u00bb\u00bf' : '\ufeff';
    if (!document.text.startsWith(mark)) return;
    yield {
      start: 0,
      end: mark.length,
      message: 'The byte order mark makes the first word unknown, so the first directive is lost',
      fix: { title: 'Remove the byte order mark', edits: [{ start: 0, end: mark.length, newText: '' }] },
    };
  },
};

export const carriageReturn: Rule = {
  code: 'pxelinux/carriage-return',
  severity: 'error',
  engines: ['core', 'menu'],
  *check({ document: { text } }) {
    for (let at = text.indexOf('\r'); at !== -1; at = text.indexOf('\r', at + 1)) {
      if (text[at + 1] === '\n') continue;
      yield {
        start: at,
        end: at + 1,
        message: 'The loaders end the line at this carriage return and drop what follows, up to the next line feed',
        fix: { title: 'Make it a line feed', edits: [{ start: at, end: at + 1, newText: '\n' }] },
      };
    }
  },
};

export const textNotClosed: Rule = {
  code: 'pxelinux/text-not-closed',
  severity: 'error',
  engines: ['core', 'menu'],
  *check({ outline }): Iterable<Finding> {
    for (const { open, close } of outline.texts) {
      if (close) continue;
      const start = open.offset + open.indent.length;
      yield { start, end: start + open.keyword.length, message: 'No ENDTEXT follows: the rest of the file is help text' };
    }
  },
};

export const outsideLabel: Rule = {
  code: 'pxelinux/outside-label',
  severity: 'warning',
  engines: ['core', 'menu', 'uboot'],
  *check({ outline }) {
    for (const statement of outline.statements) {
      if (statement.label || DIRECTIVES.get(statement.name)?.scope !== 'label') continue;
      yield { ...nameRange(statement), message: `${statement.name} counts only inside a label; here it is ignored` };
    }
  },
};
