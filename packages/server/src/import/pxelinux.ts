import { posix } from 'node:path';
import { evaluate, latin1FromBytes, type MenuEntry, parse } from '@pxekit/pxelinux';
import type { ConfigInput } from '../config/schema.js';
import type { ImportedStatement, ImportProblem, ImportResult, Verdict } from './report.js';

export interface PxelinuxImportOptions {
  /** Name of the file. Default: `pxelinux.cfg/default`. */
  name?: string;
  /** Folder that kernel names start from, the TFTP root. Default: `/var/lib/tftpboot`. */
  root?: string;
  /** Gives the bytes of an included file, or `undefined` where there is none. */
  include?: (name: string) => Uint8Array | undefined;
  /** Gives the file behind the URL of a kickstart, which is then made for each machine; `undefined` where it is not known. */
  kickstart?: (url: string) => string | undefined;
}

/**
 * Turns a PXELINUX menu (or an `isolinux.cfg` that was copied for one) into images and profiles of `pxekit.yaml`:
 * one profile for each entry that boots a kernel. The menu itself is made anew at every boot.
 */
export function importPxelinux(content: Uint8Array | string, options: PxelinuxImportOptions = {}): ImportResult {
  const { name = 'pxelinux.cfg/default', root = '/var/lib/tftpboot', include, kickstart: fileOf } = options;
  const model = evaluate(parse(content), { engine: 'menu', file: name, include: include && ((file) => include(file)) });
  const statements: ImportedStatement[] = [];
  const problems: ImportProblem[] = [];
  const config: ConfigInput = { images: {}, profiles: {}, menu: {} };
  const images = config.images as NonNullable<ConfigInput['images']>;
  const profiles = config.profiles as NonNullable<ConfigInput['profiles']>;
  const menu = config.menu as NonNullable<ConfigInput['menu']>;
  for (const missing of model.missing) {
    problems.push({ line: 1, column: 1, code: 'import/syntax', message: `The included file ${missing} is not there.` });
  }
  for (const each of model.menus) {
    const names = new Map<MenuEntry, string>();
    for (const entry of each.entries) {
      const line = entry.origins.label?.line ?? entry.origins.cmdline?.line ?? entry.origins.display?.line ?? 1;
      const say = (verdict: Verdict, note: string) =>
        void statements.push({ line, statement: `LABEL ${entry.label ?? entry.display}`, verdict, note });
      if (entry.action !== 'cmd' || entry.cmdline === undefined) {
        if (entry.action !== 'disabled') say('not-needed', 'menus are made from profiles; sub-menus are laid flat');
        continue;
      }
      const [kernel = '', ...words] = entry.cmdline.split(/\s+/).filter((word) => word !== '');
      if (/^\.localboot$/i.test(kernel)) {
        say('not-needed', 'every menu can boot the disk; it is the default');
        names.set(entry, 'local');
        continue;
      }
      const reason = notAKernel(kernel);
      if (reason !== undefined) {
        say('unsupported', reason);
        continue;
      }
      const file = kernel.startsWith('.') ? (words.shift() ?? '') : kernel;
      const initrd = words.find((word) => word.startsWith('initrd='))?.slice('initrd='.length);
      const id = freeName(entry.label ?? entry.display, profiles);
      images[id] = {
        folder: posix.resolve(root, posix.dirname(file.replace(/^\/+/, ''))),
        kernel: posix.basename(file),
        ...(initrd
          ? { initrd: initrd.split(',').map((each) => posix.relative(posix.resolve('/', posix.dirname(file)), posix.resolve('/', each))) }
          : {}),
      };
      const named = words.find((word) => /^(inst\.)?ks(=|$)/.test(word));
      const kickstart = named && fileOf?.(named.replace(/^[^=]*=?/, ''));
      const kept = words.filter((word) => !word.startsWith('initrd=') && !(kickstart && word === named)).join(' ');
      profiles[id] = {
        image: id,
        title: entry.display.replace('^', '').trim(),
        ...(kickstart ? { kickstart } : {}),
        ...(kept ? { arguments: kept } : {}),
      };
      names.set(entry, id);
      say(
        named ? 'changed' : 'kept',
        kickstart
          ? `profiles: ${id}; ${kickstart} is made for each machine, in place of ${named}`
          : named
            ? `profiles: ${id}; put the file of ${named} into \`kickstart\` to have it made for each machine`
            : `profiles: ${id}`,
      );
    }
    const chosen = each.entries[each.default];
    const start = chosen && names.get(chosen);
    if (start !== undefined && start !== 'local' && each === model.menus[model.startMenu]) menu.default = start;
  }
  const top = model.menus[model.startMenu];
  if (top?.origins.title) {
    menu.title = top.title;
    statements.push({ line: top.origins.title.line, statement: `MENU TITLE ${top.title}`, verdict: 'kept', note: 'menu.title' });
  }
  const timeout = top?.origins.timeoutMs ?? model.origins.timeoutMs;
  if (top && timeout) {
    const seconds = Math.ceil(top.timeoutMs / 1000);
    menu.timeout = seconds;
    statements.push({
      line: timeout.line,
      statement: `TIMEOUT ${top.timeoutMs / 100}`,
      verdict: 'kept',
      note: `menu.timeout: ${seconds} s`,
    });
  }
  account(content, statements);
  for (const key of ['images', 'profiles', 'menu'] as const) if (Object.keys(config[key] as object).length === 0) delete config[key];
  return { config, statements: statements.sort((a, b) => a.line - b.line), problems };
}

/** Why a command boots no Linux kernel. */
function notAKernel(kernel: string): string | undefined {
  if (/\.c32$/i.test(kernel) || /^\.com32$/i.test(kernel)) return 'modules are not carried over';
  if (/\.(0|bin|bss|bs|img)$/i.test(kernel) || /^\.(boot|bss|pxe|fdimage|config)$/i.test(kernel))
    return 'only Linux kernels are carried over';
  return undefined;
}

function freeName(label: string, taken: object): string {
  const base =
    label
      .replace(/[^A-Za-z0-9_.-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+|-+$/g, '')
      .slice(0, 50) || 'entry';
  if (!(base in taken) && base !== 'local') return base;
  for (let number = 2; ; number++) if (!(`${base}-${number}` in taken)) return `${base}-${number}`;
}

const INSIDE_ENTRY = /^(kernel|linux|initrd|append|ipappend|sysappend|localboot|menu\s+(label|default|hide|indent|passwd)|text|endtext)\b/i;
const MADE_ANEW =
  /^(ui|prompt|display|say|menu|f\d|default|implicit|noescape|allowoptions|serial|console|ontimeout|onerror|include|totaltimeout)\b/i;

/** Every line that was not named yet: part of an entry, or of the menu that is made anew. */
function account(content: Uint8Array | string, statements: ImportedStatement[]): void {
  const named = new Set(statements.map(({ line }) => line));
  const text = typeof content === 'string' ? content : latin1FromBytes(content);
  let help = false;
  for (const [index, raw] of text.split('\n').entries()) {
    const statement = raw.trim();
    const line = index + 1;
    if (/^endtext\b/i.test(statement)) help = false;
    if (statement === '' || statement.startsWith('#') || named.has(line) || help) continue;
    if (/^text\s+help\b/i.test(statement)) help = true;
    if (/^label\b/i.test(statement)) continue;
    if (INSIDE_ENTRY.test(statement)) statements.push({ line, statement, verdict: 'kept', note: 'part of its entry' });
    else if (MADE_ANEW.test(statement))
      statements.push({ line, statement, verdict: 'not-needed', note: 'menus are made anew for each machine' });
    else statements.push({ line, statement, verdict: 'unsupported', note: 'the loaders do not know this line either' });
  }
}
