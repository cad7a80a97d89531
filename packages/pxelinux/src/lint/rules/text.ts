import { DIRECTIVES } from '../../known.js';
import { type Finding, nameRange, type Rule } from '../rule.js';

/** Longest line the loaders read in one piece. */
const LINE_BYTES = 4095;

/** A character has up to four bytes: no shorter line can be too long. */
const SUSPECT = LINE_BYTES >> 2;

/** The lines of so many characters or more, without their ends. Goes from line end to line end in steps as long as that. */
function* longLines(text: string): Iterable<{ start: number; end: number }> {
  for (let start = 0; start + SUSPECT <= text.length; ) {
    const newline = text.lastIndexOf('\n', start + SUSPECT - 1);
    if (newline >= start) {
      start = newline + 1;
      continue;
    }
    const next = text.indexOf('\n', start + SUSPECT);
    const end = next === -1 ? text.length : next;
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
    for (const { start, end } of longLines(document.text)) {
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
    if (!outline.unclosedText) return;
    const { start, node } = outline.unclosedText;
    yield { start, end: start + node.keyword.length, message: 'No ENDTEXT follows: the rest of the file is help text' };
  },
};

export const outsideLabel: Rule = {
  code: 'pxelinux/outside-label',
  severity: 'warning',
  engines: ['core', 'menu', 'uboot'],
  *check({ outline, options }) {
    // The label may stand in the file that includes this one.
    if (options.includedBy) return;
    for (const [name, statements] of outline.byName) {
      if (DIRECTIVES.get(name)?.scope !== 'label') continue;
      for (const statement of statements) {
        if (!statement.label) yield { ...nameRange(statement), message: `${name} counts only inside a label; here it is ignored` };
      }
    }
  },
};
