import { DIRECTIVES } from '../../known.js';
import { lastOf, named } from '../../outline.js';
import { directiveRange, type Finding, type Rule, valueRange } from '../rule.js';

/** Timeouts under this many tenths of a second were probably meant in seconds. */
const SHORT_TIMEOUT = 30;

export const timeoutSeconds: Rule = {
  code: 'pxelinux/timeout-seconds',
  severity: 'warning',
  engines: ['core', 'menu', 'uboot'],
  *check({ outline }) {
    for (const statement of [...named(outline, 'TIMEOUT'), ...named(outline, 'TOTALTIMEOUT')]) {
      const tenths = Number.parseInt(statement.value, 10);
      if (!(tenths > 0 && tenths < SHORT_TIMEOUT)) continue;
      const { start, end } = valueRange(statement);
      const digits = /^\d+/.exec(statement.value)?.[0] ?? '';
      yield {
        start,
        end,
        message: `${statement.name} counts tenths of a second: ${digits} is ${tenths / 10} s`,
        ...(digits && {
          fix: {
            title: `Write ${tenths * 10} for ${tenths} s`,
            edits: [{ start, end: start + digits.length, newText: String(tenths * 10) }],
          },
        }),
      };
    }
  },
};

/** Offset in a value of a `#` that begins a word. */
function hashAt(value: string): number {
  if (value.startsWith('#')) return 0;
  const at = value.search(/[ \t]#(?=[ \t]|[A-Za-z])/);
  return at === -1 ? -1 : at + 1;
}

/** Directives whose values hold colours or free text, where a `#` is at home. */
const HASH_IS_TEXT = /^(MENU (?!SEPARATOR|DEFAULT|HIDE|CLEAR|HIDDEN$|END|START)|SAY|LABEL|F\d)/;

export const commentAfterValue: Rule = {
  code: 'pxelinux/comment-after-value',
  severity: 'warning',
  engines: ['core', 'menu'],
  *check({ outline }) {
    for (const [name, statements] of outline.byName) {
      const info = DIRECTIVES.get(name);
      if (!info || HASH_IS_TEXT.test(name)) continue;
      for (const { value, valueOffset, end, node } of statements.filter(({ value }) => value.includes('#'))) {
        const at = hashAt(value);
        if (at === -1) continue;
        const harmless = info.value === 'none' || info.value === 'number' || (info.value === 'word' && at > 0);
        const kept = value.slice(0, at).trimEnd();
        yield {
          start: valueOffset + at,
          end,
          severity: harmless ? 'info' : 'warning',
          message: harmless
            ? `SYSLINUX has no comments after a value; ${name} happens not to read this one`
            : `SYSLINUX has no comments after a value; this is part of what ${name} gets`,
          fix: {
            title: 'Put the comment on a line of its own',
            edits: [
              { start: node.offset, end: node.offset, newText: `${node.indent}${value.slice(at)}${node.eol || '\n'}` },
              { start: valueOffset + kept.length, end: end + node.trailing.length, newText: '' },
            ],
          },
        };
      }
    }
  },
};

const TAKE_VALUE = ['KERNEL', 'LINUX', 'COM32', 'CONFIG', 'INITRD', 'LABEL', 'DEFAULT', 'UI', 'INCLUDE', 'MENU INCLUDE', 'LOCALBOOT'];

export const missingValue: Rule = {
  code: 'pxelinux/missing-value',
  severity: 'warning',
  engines: ['core', 'menu', 'uboot'],
  *check({ outline }) {
    for (const name of TAKE_VALUE) {
      const zero = name === 'LOCALBOOT';
      for (const statement of named(outline, name)) {
        if (statement.hasValue) continue;
        yield {
          ...directiveRange(statement),
          severity: zero ? 'info' : 'warning',
          message: zero ? 'LOCALBOOT without a number is LOCALBOOT 0' : `${name} has no value`,
        };
      }
    }
  },
};

export const localbootValue: Rule = {
  code: 'pxelinux/localboot-value',
  severity: 'warning',
  engines: ['core', 'menu', 'uboot'],
  *check({ outline, options }) {
    const pxe = (options.loader ?? 'pxelinux') === 'pxelinux';
    const uboot = options.engines?.includes('uboot');
    for (const statement of named(outline, 'LOCALBOOT')) {
      if (!statement.hasValue) continue;
      const { value } = statement;
      const range = valueRange(statement);
      if (!/^[+-]?\d/.test(value)) {
        yield { ...range, message: `LOCALBOOT takes a number; "${value}" is read as 0` };
        continue;
      }
      const number = Number(/^-?(0x[0-9a-f]+|\d+)/i.exec(value)?.[0]?.replace(/^-/, '') ?? 0);
      const low = (value.startsWith('-') ? -number : number) & 0xffff;
      if (pxe && low >= 0x80 && low < 0xff00) {
        yield {
          ...range,
          severity: 'info',
          message: `${value} is a BIOS drive to ISOLINUX and SYSLINUX; PXELINUX hands it to the network boot ROM, which mostly ignores it`,
          fix: { title: 'Write -1: next boot device', edits: [{ ...range, newText: '-1' }] },
        };
      } else if (!pxe && (low === 4 || low === 5)) {
        yield { ...range, severity: 'info', message: `${value} has a meaning to PXELINUX only; here it is BIOS drive ${low}` };
      }
      if (uboot && /^-?0x/i.test(value)) {
        yield { ...range, message: `U-Boot reads decimal numbers only: ${value} is 0 to it` };
      }
    }
  },
};

export const serialComma: Rule = {
  code: 'pxelinux/serial-comma',
  severity: 'warning',
  engines: ['core'],
  *check({ outline }) {
    for (const statement of named(outline, 'SERIAL')) {
      if (!/^\S*,/.test(statement.value)) continue;
      const range = valueRange(statement);
      yield {
        ...range,
        message: 'SERIAL reads the port up to the comma and takes 9600 baud',
        fix: { title: 'Put blanks for commas', edits: [{ ...range, newText: statement.value.replaceAll(',', ' ') }] },
      };
    }
  },
};

export const nohaltBlank: Rule = {
  code: 'pxelinux/nohalt-blank',
  severity: 'info',
  engines: ['core'],
  *check({ outline, options }) {
    if ((options.version ?? 6) < 5) return;
    for (const statement of named(outline, 'NOHALT')) {
      if (statement.node.gap.length > 1 || !/^[1-9]/.test(statement.value)) continue;
      const at = statement.valueOffset;
      yield {
        ...directiveRange(statement),
        message: 'SYSLINUX 6.04 reads NOHALT two bytes too far and takes this for 0',
        fix: { title: 'Put two blanks', edits: [{ start: at, end: at, newText: ' ' }] },
      };
    }
  },
};

export const appendDashBlank: Rule = {
  code: 'pxelinux/append-dash-blank',
  severity: 'warning',
  engines: ['core', 'menu'],
  *check({ outline }) {
    for (const { value, rawValue, valueOffset } of named(outline, 'APPEND')) {
      if (value !== '-' || rawValue === '-') continue;
      const end = valueOffset + rawValue.length;
      yield {
        start: valueOffset,
        end,
        message: 'With a blank after it, - is not the sign for "no options" but an option',
        fix: { title: 'Remove the blank', edits: [{ start: valueOffset + 1, end, newText: '' }] },
      };
    }
  },
};

export const clearPassword: Rule = {
  code: 'pxelinux/clear-password',
  severity: 'warning',
  engines: ['menu'],
  *check({ outline }): Iterable<Finding> {
    for (const statement of [...named(outline, 'MENU PASSWD'), ...named(outline, 'MENU MASTER PASSWD')]) {
      if (!statement.hasValue || /^\$[1456]\$/.test(statement.value)) continue;
      yield {
        ...valueRange(statement),
        message: 'Everybody who can fetch this file can read the password; write a $5$ or $6$ hash of it',
      };
    }
  },
};

/** Directives that 6.x reads and does not carry out. */
const DEAD: Readonly<Record<string, string>> = {
  COMBOOT: 'COMBOOT programs are gone since 5.00: a file named .comboot is asked for',
  NONE: 'NONE is an internal word of the loader; the entry fails',
};

const DEAD_UNDER_PXE: Readonly<Record<string, string>> = {
  FDIMAGE: 'FDIMAGE does not work in PXELINUX 6: the image is taken for a Linux kernel; use memdisk',
  'MENU SAVE': 'PXELINUX has nowhere to save the choice',
};

export const deadDirective: Rule = {
  code: 'pxelinux/dead-directive',
  severity: 'warning',
  engines: ['core', 'menu'],
  *check({ outline, options }) {
    if ((options.version ?? 6) < 5) return;
    const pxe = (options.loader ?? 'pxelinux') === 'pxelinux';
    for (const [name, message] of Object.entries(pxe ? { ...DEAD, ...DEAD_UNDER_PXE } : DEAD)) {
      for (const statement of named(outline, name)) yield { ...directiveRange(statement), message };
    }
  },
};

const SYSAPPEND: ReadonlySet<string> = new Set(['SYSAPPEND', 'IPAPPEND']);

export const sysappendLocal: Rule = {
  code: 'pxelinux/sysappend-local',
  severity: 'info',
  engines: ['core', 'menu'],
  *check({ outline }) {
    for (const boot of named(outline, 'LOCALBOOT')) {
      if (!boot.label || lastOf(boot.label, 'LOCALBOOT') !== boot) continue;
      const sysappend = lastOf(boot.label, SYSAPPEND);
      if (sysappend) yield { ...directiveRange(sysappend), message: `${sysappend.name} has no effect on an entry that boots locally` };
    }
  },
};
