import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { applyEdits } from '@pxekit/diagnostics';
import {
  type ImportProblem,
  type ImportResult,
  importDhcpd,
  importHttpd,
  importPxelinux,
  importXinetd,
  kickstartFile,
  mergeConfig,
  parseConfig,
  type Verdict,
} from '@pxekit/server';
import { Command } from 'commander';
import { type Io, readInput } from '../io.js';

interface ImportFlags {
  output: string;
  json?: boolean;
  fix?: boolean;
  root?: string;
}

const MARKS: Record<Verdict, string> = { kept: 'kept', changed: 'changed', 'not-needed': 'not needed', unsupported: 'NOT SUPPORTED' };

/** `pxekit import`: the files of the classic set-up become one `pxekit.yaml`. */
export function importCommand(io: Io): Command {
  const command = new Command('import');
  const add = (
    name: string,
    about: string,
    read: (content: Uint8Array, file: string, flags: ImportFlags) => ImportResult,
    fixes = false,
  ) => {
    const sub = command
      .command(name)
      .description(about)
      .argument('<file>', 'the file to read, "-" for standard input')
      .option('-o, --output <file>', 'configuration to write, or to add to when it exists; "-" prints it', 'pxekit.yaml')
      .option('--json', 'print the account of every statement as JSON');
    if (fixes) sub.option('--fix', 'put lost blanks back into the file itself');
    if (name === 'pxelinux') sub.option('--root <folder>', 'TFTP root that kernel names start from', '/var/lib/tftpboot');
    sub.action(async (file: string, flags: ImportFlags) => {
      const content = await readInput(io, file);
      await carryOver(io, file, content, read(content, file, flags), flags);
    });
  };
  const text = (content: Uint8Array) => new TextDecoder().decode(content);
  add('dhcpd', 'Read an ISC dhcpd.conf.', (content, file) => importDhcpd(text(content), { name: file }), true);
  add('xinetd', 'Read /etc/xinetd.d/tftp.', (content) => importXinetd(text(content)));
  add('httpd', 'Read Alias, Directory and Listen of an Apache configuration.', (content) => importHttpd(text(content)));
  add('pxelinux', 'Read a pxelinux.cfg or isolinux.cfg.', (content, file, { root, output }) =>
    importPxelinux(content, { name: file, root, kickstart: (url) => kickstartFile(textOf(output), url) }),
  );
  return command.addHelpText(
    'after',
    `
Every statement is reported as kept, changed, not needed or not supported. Exit code 1 when something is not supported or broken.

Examples:
  $ pxekit import dhcpd /etc/dhcp/dhcpd.conf
  $ pxekit import xinetd /etc/xinetd.d/tftp
  $ pxekit import pxelinux --root /var/lib/tftpboot /var/lib/tftpboot/pxelinux.cfg/default
  $ pxekit import dhcpd --fix -o - dhcpd.conf`,
  );
}

async function carryOver(io: Io, file: string, content: Uint8Array, result: ImportResult, flags: ImportFlags): Promise<void> {
  const { output, json, fix } = flags;
  const existing = output === '-' ? '' : await readFile(output, 'utf8').catch((error: NodeJS.ErrnoException) => missingIsEmpty(error));
  const yaml = mergeConfig(existing, result.config);
  const { diagnostics } = parseConfig(yaml, output);
  if (output === '-') io.out(yaml.trimEnd());
  else await writeFile(output, yaml);
  const repaired = fix && file !== '-' ? await repair(file, content, result.problems) : 0;
  if (json) {
    const line = JSON.stringify({
      file,
      output,
      config: result.config,
      statements: result.statements,
      problems: result.problems,
      repaired,
    });
    (output === '-' ? io.err : io.out)(line);
  } else report(io, file, result, output, repaired);
  for (const { message, range } of diagnostics) io.err(`${output}:${range.start.line}: ${message}`);
  const lost = result.statements.some(({ verdict }) => verdict === 'unsupported');
  io.exitCode = lost || diagnostics.length > 0 || result.problems.length > repaired ? 1 : 0;
}

/** The configuration so far, or nothing. */
function textOf(output: string): string {
  return output !== '-' && existsSync(output) ? readFileSync(output, 'utf8') : '';
}

function missingIsEmpty(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}

/** Puts the fixes into the old file; the import itself read through the faults already. */
async function repair(file: string, content: Uint8Array, problems: readonly ImportProblem[]): Promise<number> {
  const fixes = problems.flatMap(({ fix }) => (fix ? [fix] : []));
  if (fixes.length === 0) return 0;
  const text = new TextDecoder().decode(content);
  await writeFile(
    file,
    applyEdits(
      text,
      fixes.flatMap(({ edits }) => edits),
    ),
  );
  return fixes.length;
}

function report(io: Io, file: string, { statements, problems }: ImportResult, output: string, repaired: number): void {
  const print = output === '-' ? io.err : io.out;
  for (const { line, statement, verdict, note } of statements) {
    const shown = statement.length > 48 ? `${statement.slice(0, 47)}…` : statement;
    print(`${file}:${String(line).padEnd(4)} ${MARKS[verdict].padEnd(13)} ${shown.padEnd(48)} ${note}`.trimEnd());
  }
  for (const { line, column, message, fix } of problems) {
    print(`${file}:${line}:${column} ${message}${fix ? ` Fix: ${fix.title}${repaired > 0 ? ' (done)' : ' (--fix does it)'}.` : ''}`);
  }
  if (output !== '-') print(`Wrote ${output}. Next: pxekit check -c ${output}`);
}
