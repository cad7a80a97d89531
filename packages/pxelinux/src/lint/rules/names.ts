import { BOOT_KEYWORDS } from '../../known.js';
import { named } from '../../outline.js';
import { type Rule, valueRange } from '../rule.js';

/** What a client can ask for: UUID, ARP type and MAC address, address in hex, `default`. All lower case but the address. */
const ASKED_FOR = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{2}(-[0-9a-f]{2}){6,20}|[0-9A-F]{1,8}|default)$/;
const MAC = /^(?:[0-9a-f]{2}[-:.])?((?:[0-9a-f]{2}[-:.]){5}[0-9a-f]{2})$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ADDRESS = /^[0-9a-f]{1,8}$/i;

/** The name a client would ask for in place of one that was meant for it. */
function properName(name: string): string | undefined {
  const mac = MAC.exec(name);
  if (mac?.[1]) {
    const type = name.length > 17 ? name.slice(0, 2) : '01';
    return `${type}-${mac[1].replace(/[:.]/g, '-')}`.toLowerCase();
  }
  if (UUID.test(name)) return name.toLowerCase();
  if (ADDRESS.test(name)) return name.toUpperCase();
  return name.toLowerCase() === 'default' ? 'default' : undefined;
}

export const configFileName: Rule = {
  code: 'pxelinux/config-file-name',
  severity: 'error',
  engines: ['core', 'uboot'],
  *check({ file, options }) {
    if (options.includedBy) return;
    const name = /(?:^|[/:])pxelinux\.cfg\/([^/]+)$/.exec(file)?.[1];
    if (name === undefined || ASKED_FOR.test(name)) return;
    const proper = properName(name);
    if (proper !== undefined) yield { start: 0, end: 0, message: `No client asks for pxelinux.cfg/${name}; rename it to ${proper}` };
  },
};

const FILES = [
  ...[...BOOT_KEYWORDS].filter((name) => name !== 'LOCALBOOT'),
  ...['INITRD', 'INCLUDE', 'MENU INCLUDE', 'DISPLAY', 'MENU BACKGROUND', 'UI', 'FONT', 'KBDMAP'],
];

export const leadingSlash: Rule = {
  code: 'pxelinux/leading-slash',
  severity: 'info',
  engines: ['core'],
  *check({ outline, options }) {
    if ((options.loader ?? 'pxelinux') !== 'pxelinux') return;
    for (const name of FILES) {
      for (const statement of named(outline, name)) {
        const slashes = /^\/+/.exec(statement.value)?.[0].length;
        if (slashes === undefined) continue;
        const { start, end } = valueRange(statement);
        yield {
          start,
          end,
          message: 'PXELINUX puts its prefix before this name too; "::" before it means the root of the server',
          fix: { title: 'Remove the slash', edits: [{ start, end: start + slashes, newText: '' }] },
        };
      }
    }
  },
};
