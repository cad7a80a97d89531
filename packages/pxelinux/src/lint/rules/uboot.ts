import { DIRECTIVES } from '../../known.js';
import { lastOf, named, type Statement } from '../../outline.js';
import { directiveRange, type Rule, valueRange } from '../rule.js';

/** What U-Boot reads inside a label (boot/pxe_utils.c); anything else ends the label. */
const IN_LABEL = new Set([
  ...['KERNEL', 'LINUX', 'APPEND', 'INITRD', 'LOCALBOOT', 'IPAPPEND', 'KASLRSEED', 'LABEL'],
  ...['FDT', 'DEVICETREE', 'FDTDIR', 'DEVICETREEDIR', 'FDTOVERLAYS', 'DEVICETREE-OVERLAY'],
]);

function endsLabel({ name }: Statement): boolean {
  return !IN_LABEL.has(name) && !name.startsWith('MENU');
}

export const ubootLabelEnd: Rule = {
  code: 'pxelinux/uboot-label-end',
  severity: 'error',
  engines: ['uboot'],
  *check({ outline }) {
    for (const { body } of outline.labels) {
      const at = body.findIndex(endsLabel);
      const end = body[at];
      const lost = body.slice(at + 1).filter(({ name }) => IN_LABEL.has(name));
      const first = lost[0];
      if (!end || !first) continue;
      yield {
        ...directiveRange(end),
        message: `U-Boot ends the label at ${end.name} and loses ${lost.map(({ name }) => name).join(', ')}; put it last`,
        related: [{ message: 'Lost from here on', ...directiveRange(first) }],
      };
    }
  },
};

export const ubootLineEnd: Rule = {
  code: 'pxelinux/uboot-line-end',
  severity: 'error',
  engines: ['uboot'],
  *check({ document: { text } }) {
    const at = text.indexOf('\r\n');
    if (at === -1) return;
    const edits = [];
    for (let i = at; i !== -1; i = text.indexOf('\r\n', i + 2)) edits.push({ start: i, end: i + 1, newText: '' });
    yield {
      start: at,
      end: at + 1,
      message: 'U-Boot takes the carriage return for a part of the names',
      fix: { title: 'Write line feeds only', edits },
    };
  },
};

export const ubootAppend: Rule = {
  code: 'pxelinux/uboot-append',
  severity: 'error',
  engines: ['uboot'],
  *check({ outline }) {
    for (const statement of named(outline, 'APPEND')) {
      const { value, label } = statement;
      if (value === '' || value.startsWith('#')) {
        yield { ...directiveRange(statement), message: 'U-Boot crashes on an APPEND without a value' };
      } else if (!label) {
        yield { ...directiveRange(statement), severity: 'warning', message: 'U-Boot ignores an APPEND outside of labels' };
      } else if (/(^|\s)initrd=\S*$/.test(value) && !initrdBefore(statement)) {
        yield {
          ...valueRange(statement),
          severity: 'warning',
          message: 'U-Boot reads past the end of an APPEND whose last word is initrd=; use INITRD, or put a word after it',
        };
      }
    }
  },
};

function initrdBefore({ label, start }: Statement): boolean {
  return label?.body.some((other) => other.name === 'INITRD' && other.start < start) === true;
}

export const ubootModule: Rule = {
  code: 'pxelinux/uboot-module',
  severity: 'warning',
  engines: ['uboot'],
  *check({ outline }) {
    for (const label of outline.labels) {
      const kernel = lastOf(label, new Set(['KERNEL', 'LINUX', 'COM32']));
      if (kernel && (kernel.name === 'COM32' || /\.c32( |$)/i.test(kernel.value))) {
        yield { ...valueRange(kernel), message: 'U-Boot cannot run SYSLINUX modules' };
      }
    }
    for (const statement of named(outline, 'DEFAULT')) {
      if (!/\.c32( |$)/i.test(statement.value)) continue;
      yield { ...valueRange(statement), message: 'U-Boot takes this for a label, finds none, and boots the first one' };
    }
    for (const statement of [...named(outline, 'UI'), ...named(outline, 'SYSAPPEND')]) {
      yield { ...directiveRange(statement), severity: 'info', message: `U-Boot does not know ${statement.name}` };
    }
  },
};

export const ubootRejects: Rule = {
  code: 'pxelinux/uboot-rejects',
  severity: 'error',
  engines: ['uboot'],
  *check({ outline, uboot }) {
    if (uboot.result >= 0) return;
    const reason = uboot.log.trimEnd().split('\n').at(-1) ?? '';
    const empty = outline.statements.find(
      ({ name, value }) => value === '' && DIRECTIVES.get(name)?.value !== 'none' && IN_UBOOT.has(name),
    );
    const include = outline.statements.find(({ name, value }) => /^(MENU )?INCLUDE$/.test(name) && reason.includes(value));
    const culprit = reason.startsWith("Couldn't") ? include : empty;
    yield {
      ...(culprit ? directiveRange(culprit) : { start: 0, end: 0 }),
      message: `U-Boot rejects the whole file${reason === '' ? '' : `: ${reason}`}`,
    };
  },
};

const IN_UBOOT = new Set([...IN_LABEL, 'DEFAULT', 'TIMEOUT', 'PROMPT', 'INCLUDE', 'MENU INCLUDE', 'MENU TITLE', 'ONTIMEOUT', 'FALLBACK']);
