import type { TextEdit } from '@pxekit/diagnostics';
import { KERNEL_ARGUMENTS, type KernelArgument } from './kernel-argument-table.js';
import { inRange, type Release, releaseTitle } from './releases/releases.js';

const BY_NAME = new Map<string, { argument: KernelArgument; in: string }>();
for (const argument of KERNEL_ARGUMENTS) {
  BY_NAME.set(argument.name, { argument, in: argument.in });
  for (const alias of argument.aliases ?? []) if (!BY_NAME.has(alias.name)) BY_NAME.set(alias.name, { argument, in: alias.in });
}

/** The arguments that the installer of a release reads, by the names it reads them under; the preferred name comes first. */
export function kernelArguments(release: Release): { names: string[]; argument: KernelArgument }[] {
  return KERNEL_ARGUMENTS.flatMap((argument) => {
    const names = argument.in !== '' && inRange(argument.in, release) ? [argument.name] : [];
    for (const alias of argument.aliases ?? []) if (inRange(alias.in, release)) names.push(alias.name);
    return names.length === 0 ? [] : [{ names, argument }];
  });
}

/** The argument that a name belongs to in any release: `ks` and `inst.ks` give the same. `undefined` for names that are not the installer's. */
export function findKernelArgument(name: string): KernelArgument | undefined {
  return BY_NAME.get(name)?.argument;
}

/** The name under which a release reads an argument: `inst.ks` is `ks` on RHEL 6. `undefined` when it does not read it at all. */
export function kernelArgumentName(name: string, release: Release): string | undefined {
  const argument = findKernelArgument(name);
  if (argument === undefined) return undefined;
  if (inRange(argument.in, release)) return argument.name;
  return argument.aliases?.find((alias) => inRange(alias.in, release))?.name;
}

/** A word of a kernel command line. */
interface Token {
  start: number;
  end: number;
  name: string;
  value?: string;
}

/** Splits a kernel command line as the kernel does: at blanks outside double quotes. */
function* tokens(line: string): Generator<Token> {
  for (let at = 0; at < line.length; ) {
    if (/\s/.test(line[at] as string)) {
      at++;
      continue;
    }
    const start = at;
    let quoted = false;
    while (at < line.length && (quoted || !/\s/.test(line[at] as string))) {
      if (line[at] === '"') quoted = !quoted;
      at++;
    }
    const word = line.slice(start, at);
    const equals = word.indexOf('=');
    yield equals === -1
      ? { start, end: at, name: word }
      : { start, end: at, name: word.slice(0, equals), value: word.slice(equals + 1).replace(/^"|"$/g, '') };
  }
}

export interface KernelArgumentProblem {
  code: 'ks/unread-kernel-argument' | 'ks/old-kernel-argument' | 'ks/missing-kernel-argument-value';
  severity: 'error' | 'warning';
  message: string;
  /** Offsets into the line. */
  start: number;
  end: number;
  /** The change that settles it, where there is one. */
  edit?: TextEdit;
}

/**
 * What the installer of a release does not read on a kernel command line, or reads under a name of old. Arguments of the kernel itself,
 * of dracut and of others are left alone.
 */
export function checkKernelArguments(line: string, release: Release): KernelArgumentProblem[] {
  const problems: KernelArgumentProblem[] = [];
  for (const { start, end, name, value } of tokens(line)) {
    const known = BY_NAME.get(name);
    if (known === undefined) {
      if (name.startsWith('inst.') && !inRange('F17-,RHEL7-', release)) {
        problems.push({ code: 'ks/unread-kernel-argument', severity: 'error', message: unread(name, release), start, end });
      }
      continue;
    }
    const { argument } = known;
    const current = kernelArgumentName(name, release);
    const isRead = inRange(known.in, release);
    if (!isRead) {
      const rename = current ?? (argument.replacedBy === undefined ? undefined : kernelArgumentName(argument.replacedBy, release));
      const direct = current !== undefined && rename !== undefined;
      problems.push({
        code: 'ks/unread-kernel-argument',
        severity: 'error',
        message: `${unread(name, release)}${rename === undefined ? '' : `; use "${rename}"`}`,
        start,
        end,
        ...(direct && { edit: { start, end: start + name.length, newText: rename } }),
      });
    } else if (current !== undefined && current !== name && name !== argument.name) {
      problems.push({
        code: 'ks/old-kernel-argument',
        severity: 'warning',
        message: `"${name}" is an old name of "${current}", and later releases do not read it`,
        start,
        end,
        edit: { start, end: start + name.length, newText: current },
      });
    }
    if (isRead && argument.value === 'required' && (value === undefined || value === '')) {
      problems.push({ code: 'ks/missing-kernel-argument-value', severity: 'error', message: `"${name}" needs a value`, start, end });
    }
  }
  return problems;
}

const unread = (name: string, release: Release) => `The installer of ${releaseTitle(release)} does not read "${name}"`;

/**
 * The kernel arguments that start an installation, under the names the release reads: `inst.ks=… inst.repo=…`, or `ks=… method=…` for
 * RHEL 6 and before. Keys are names without `inst.`: `{ ks: 'http://…', repo: 'http://…', text: true }`.
 *
 * Arguments that the release does not have are left out. A value with a blank is put in double quotes; it must hold none itself.
 */
export function installerArguments(settings: Readonly<Record<string, string | boolean | undefined>>, release: Release): string[] {
  const words: string[] = [];
  for (const [key, value] of Object.entries(settings)) {
    if (value === undefined || value === false) continue;
    const name = kernelArgumentName(`inst.${key}`, release) ?? kernelArgumentName(key, release);
    if (name === undefined) continue;
    words.push(value === true ? name : `${name}=${/\s/.test(value) ? `"${value}"` : value}`);
  }
  return words;
}
