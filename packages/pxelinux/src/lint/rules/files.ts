import { initrdsOf, MAX_COMMAND_BYTES, parseCommand } from '../../command.js';
import type { MenuEntry } from '../../model.js';
import { librariesOf } from '../../modules.js';
import { firstWord, named, type Statement } from '../../outline.js';
import { normalizePath, resolvePath } from '../../paths.js';
import { type Finding, type LintContext, type Rule, valueRange } from '../rule.js';

/** Names that a program fills in later: templates of Foreman, lorax, archiso and the like. */
const TEMPLATE = /@|%|\$|\{|<|>/;

/** The path in the tree that a name means; `undefined` when it lies elsewhere or is not written yet. */
function pathOf({ options, file }: LintContext, name: string): string | undefined {
  if (name === '' || TEMPLATE.test(name)) return undefined;
  const loader = options.loader ?? 'pxelinux';
  // Names in an included file start from the folder of the configuration, not from that of the file.
  const from = options.includedBy?.file ?? file;
  const base = loader === 'pxelinux' ? '' : from.slice(0, Math.max(0, from.lastIndexOf('/')));
  return resolvePath(name, { loader, base });
}

function isMissing(context: LintContext, name: string): boolean {
  const path = pathOf(context, name);
  return path !== undefined && context.options.tree?.has(path) === false;
}

/** Entries with the lines they were made from; those of included files are left to the lint of those files. */
function* bootEntries(
  { core, at }: LintContext,
  wanted: (entry: MenuEntry) => boolean = () => true,
): Iterable<{ entry: MenuEntry; statement: Statement }> {
  for (const { entries } of core.menus) {
    for (const entry of entries) {
      if (entry.action !== 'cmd' || !wanted(entry)) continue;
      const statement = at(entry.origins.cmdline ?? entry.origins.label);
      if (statement) yield { entry, statement };
    }
  }
}

/** Directives outside of labels whose first word is a file. */
const NAMES_FILE = /^(DISPLAY|FONT|KBDMAP|F\d+|MENU BACKGROUND|(MENU )?INCLUDE)$/;

export const missingFile: Rule = {
  code: 'pxelinux/missing-file',
  severity: 'error',
  engines: ['core', 'menu', 'uboot'],
  *check(context) {
    if (!context.options.tree) return;
    for (const { entry, statement } of bootEntries(context)) {
      const { type, file, args } = parseCommand(entry.cmdline ?? '');
      if (type === 'localboot' || type === 'com32') continue;
      if (isMissing(context, file)) yield { ...valueRange(statement), message: `${file} is not in the boot tree` };
      if (type !== 'kernel' && type !== 'linux') continue;
      const from = context.at(entry.origins.append)?.value.includes('initrd=') ? entry.origins.append : entry.origins.initrd;
      for (const initrd of initrdsOf(args)) {
        if (isMissing(context, initrd))
          yield { ...fileRange(context.at(from) ?? statement, initrd), message: `${initrd} is not in the boot tree` };
      }
    }
    for (const statement of [...context.outline.byName].flatMap(([name, all]) => (NAMES_FILE.test(name) ? all : []))) {
      const name = firstWord(statement.value);
      const include = /INCLUDE$/.test(statement.name);
      if (statement.name === 'MENU BACKGROUND' && name.startsWith('#')) continue;
      if (!isMissing(context, name)) continue;
      yield {
        ...fileRange(statement, name),
        severity: 'warning',
        message: include ? `${name} is not in the boot tree; the loader goes on without a word` : `${name} is not in the boot tree`,
      };
    }
  },
};

/** The stretch of a file's name in a statement. */
function fileRange(statement: Statement, name: string): { start: number; end: number } {
  const at = statement.value.indexOf(name);
  if (at === -1) return valueRange(statement);
  return { start: statement.valueOffset + at, end: statement.valueOffset + at + name.length };
}

/** The core of SYSLINUX from version 5 on, as BIOS and UEFI machines ask for it. */
const CORES = ['ldlinux.c32', 'ldlinux.e32', 'ldlinux.e64'];

/** Where the loaders on disks and CDs look for their core beside the folder of the configuration. */
const CORE_FOLDERS = ['', 'boot/isolinux', 'isolinux', 'boot/syslinux', 'syslinux'];

export const missingLoader: Rule = {
  code: 'pxelinux/missing-loader',
  severity: 'error',
  engines: ['core'],
  *check({ file, options: { tree, loader = 'pxelinux', version = 6, includedBy } }) {
    // What is called extlinux is read by U-Boot and petitboot, too, which have no core to load.
    if (!tree || includedBy || version < 5 || loader === 'extlinux') return;
    const path = normalizePath(file.replace(/^::/, ''));
    const folder = path.replace(/(^|\/)(pxelinux\.cfg\/)?[^/]*$/, '');
    const folders = loader === 'pxelinux' ? ['', folder] : [folder, ...CORE_FOLDERS];
    if (folders.some((folder) => CORES.some((core) => tree.has(join(folder, core))))) return;
    yield { start: 0, end: 0, message: 'ldlinux.c32 is not in the boot tree: SYSLINUX stops before it reads a configuration' };
  },
};

/** The modules a file names, with the lines that name them. */
function* modules(context: LintContext): Iterable<{ name: string; statement: Statement }> {
  for (const { entry, statement } of bootEntries(context)) {
    const { type, file } = parseCommand(entry.cmdline ?? '');
    if (type === 'com32') yield { name: file, statement };
  }
  const starts = named(context.outline, 'UI').at(-1) ?? named(context.outline, 'DEFAULT').at(-1);
  const name = firstWord(starts?.value ?? '');
  if (starts && name.endsWith('.c32')) yield { name, statement: starts };
}

export const missingModule: Rule = {
  code: 'pxelinux/missing-module',
  severity: 'error',
  engines: ['core'],
  *check(context): Iterable<Finding> {
    const { options } = context;
    const { tree } = options;
    if (!tree) return;
    const folders = ['', ...context.core.events.flatMap((event) => ('path' in event ? event.path.split(':') : []))];
    const isGone = (library: string) => folders.every((folder) => isMissing(context, join(folder, library)));
    const reported = new Set<string>();
    for (const { name, statement } of modules(context)) {
      const path = pathOf(context, name);
      if (path === undefined) continue;
      const range = fileRange(statement, name);
      const module = path.slice(path.lastIndexOf('/') + 1);
      const libraries = (options.version ?? 6) < 5 ? [] : librariesOf(module);
      if (!folders.some((folder) => !isMissing(context, join(folder, name)))) {
        const gone = libraries.filter(isGone);
        for (const library of gone) reported.add(library);
        const also = gone.length === 0 ? '' : `, nor ${gone.length === 1 ? 'is' : 'are'} ${gone.join(' and ')}, which it needs`;
        yield { ...range, message: `The module ${name} is not in the boot tree${also}` };
        continue;
      }
      for (const library of libraries) {
        if (reported.has(library) || !isGone(library)) continue;
        reported.add(library);
        const beside = path.slice(0, path.lastIndexOf('/') + 1) + library;
        yield {
          ...range,
          message: tree.has(beside)
            ? `${module} needs ${library}, which the loader looks for in its own folder and in those of PATH, not beside ${name}`
            : `${module} needs ${library}, which is not in the boot tree; take both from one SYSLINUX release`,
        };
      }
    }
  },
};

function join(folder: string, name: string): string {
  return folder === '' || folder === '.' ? name : `${folder.replace(/\/+$/, '')}/${name}`;
}

export const optionsTooLong: Rule = {
  code: 'pxelinux/options-too-long',
  severity: 'error',
  engines: ['core', 'menu'],
  *check(context) {
    const isLong = ({ cmdline }: MenuEntry) => cmdline !== undefined && cmdline.length > MAX_COMMAND_BYTES;
    for (const { entry, statement } of bootEntries(context, isLong)) {
      const line = (entry.cmdline ?? '').replace(/^\.[a-z0-9]+ /, '');
      if (line.length <= MAX_COMMAND_BYTES) continue;
      const append = context.at(entry.origins.append) ?? statement;
      yield {
        ...valueRange(append),
        message: `Kernel and options have ${line.length} bytes; the loader takes ${MAX_COMMAND_BYTES} and says "cmdline too long"`,
      };
    }
  },
};
