import type { Severity } from '@pxekit/diagnostics';
import { resolveRelease } from '@pxekit/kickstart';
import { type Engine, LINT_CODES, type LintOptions, type Loader } from '@pxekit/pxelinux';
import { InvalidArgumentError } from 'commander';
import { Failure } from '../../failure.js';
import { readOptionFile } from '../../files.js';
import { folderTree } from './boot-tree.js';
import { installerArguments } from './installer-arguments.js';

/** The flags that say what is checked for. */
export interface CheckFlags {
  root?: string;
  loader?: Loader;
  syslinux: number;
  uboot?: boolean;
  installer?: string;
  config?: string;
  off: string[];
}

const SEVERITIES: readonly unknown[] = ['error', 'warning', 'info', 'off'] satisfies (Severity | 'off')[];

export function lintOptions({ root, syslinux, uboot, installer, config, off }: CheckFlags): LintOptions {
  const engines: Engine[] = uboot ? ['core', 'menu', 'uboot'] : ['core', 'menu'];
  return {
    engines,
    installerArguments,
    version: syslinux,
    rules: { ...(config !== undefined && configuredRules(config)), ...Object.fromEntries(off.map((code) => [code, 'off' as const])) },
    ...(root !== undefined && { tree: folderTree(root) }),
    ...(installer !== undefined && { installer }),
  };
}

/** The major version of a SYSLINUX release: 6 for `6.04`. */
export function syslinuxVersion(text: string): number {
  if (!/^[3-6](\.\d+)?$/.test(text)) throw new InvalidArgumentError('Give a release from 3 to 6, such as 6.04.');
  return Number.parseInt(text, 10);
}

export function installerName(text: string): string {
  if (resolveRelease(text) === undefined) throw new InvalidArgumentError('Give a release such as rhel9, rocky9 or fedora41.');
  return text;
}

/** Adds a rule's name to those given before. */
export function ruleNames(code: string, before: string[]): string[] {
  if (!isRule(code)) throw new InvalidArgumentError('There is no rule of this name.');
  return [...before, code];
}

function isRule(code: string): boolean {
  return Object.hasOwn(LINT_CODES, code) || Object.hasOwn(LINT_CODES, `pxelinux/${code}`);
}

function configuredRules(file: string): Record<string, Severity | 'off'> {
  const wrong = (message: string) =>
    new Failure(`${file}: ${message}`, {
      code: 'CLI_USAGE',
      hint: 'Write {"rules": {"pxelinux/leading-slash": "off"}}.',
      exitCode: 2,
    });
  let config: { rules?: Record<string, Severity | 'off'> } | null;
  try {
    config = JSON.parse(readOptionFile(file));
  } catch (error) {
    if (error instanceof SyntaxError) throw wrong(`this is not JSON: ${error.message}`);
    throw error;
  }
  const rules = config?.rules ?? {};
  for (const [code, severity] of Object.entries(rules)) {
    if (!isRule(code)) throw wrong(`there is no rule ${code}`);
    if (!SEVERITIES.includes(severity)) throw wrong(`${code} is ${JSON.stringify(severity)}, not error, warning, info or off`);
  }
  return rules;
}
