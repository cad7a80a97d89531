import { writeFile } from 'node:fs/promises';
import { formatCodeFrame, toJson } from '@pxekit/diagnostics';
import { diagnose } from '@pxekit/kickstart';
import { Command } from 'commander';
import { parse as parseYaml, stringify, YAMLParseError } from 'yaml';
import { Failure } from '../../failure.js';
import { type Io, readInput } from '../../io.js';
import { type Answers, kickstartOf, readAnswers } from './new/answers.js';
import { terminalPrompts } from './new/prompts.js';
import { ask, type Prompts } from './new/wizard.js';
import { namedRelease } from './release.js';

interface NewOptions {
  answers?: string;
  save?: string;
  output?: string;
  force?: boolean;
  json?: boolean;
}

export function newCommand(io: Io, prompts?: Prompts): Command {
  return new Command('new')
    .description('Write a new kickstart file: ask for what an installation needs, or take the answers from a YAML file.')
    .option('--answers <file>', 'take the answers from this YAML file (- is standard input) and ask nothing')
    .option('--save <file>', 'keep the answers in this YAML file, for the next time')
    .option('-o, --output <file>', 'write the kickstart file here instead of to standard output')
    .option('-f, --force', 'write over files that are there')
    .option('--json', 'print {answers, text, diagnostics}')
    .addHelpText(
      'after',
      `
Passwords are kept as hashes. A disk passphrase is not: keep its files to yourself.

Examples:
  $ pxekit ks new -o ks.cfg --save web.yaml
  $ pxekit ks new --answers web.yaml > ks.cfg
  $ printf 'release: rocky9\\nsource: http://mirror/9/os\\n' | pxekit ks new --answers -`,
    )
    .action(async (options: NewOptions) => run(io, prompts, options));
}

async function run(io: Io, prompts: Prompts | undefined, { answers: file, save, output, force, json }: NewOptions): Promise<void> {
  if (file === undefined && !io.stdin.isTTY && prompts === undefined) {
    throw new Failure('There is no terminal to ask on', { code: 'CLI_USAGE', exitCode: 2, hint: 'Give the answers with --answers FILE.' });
  }
  const answers = file === undefined ? await ask(prompts ?? terminalPrompts(io)) : await answersFrom(io, file);
  const release = namedRelease(answers.release);
  const document = kickstartOf(answers, output);
  const { text } = document.source;
  const diagnostics = diagnose(document, { release, preset: ['recommended', 'unattended'] }).filter(({ severity }) => severity !== 'info');
  if (diagnostics.some(({ severity }) => severity === 'error')) io.exitCode = 1;
  if (save !== undefined) await writeNew(save, stringify(answers), force);
  if (output !== undefined) await writeNew(output, text, force);
  if (json) io.out(JSON.stringify({ answers, text, diagnostics: diagnostics.map(toJson) }));
  else {
    if (output === undefined) io.stdout.write(text);
    for (const diagnostic of diagnostics) io.err(formatCodeFrame(diagnostic, document.source));
  }
}

async function answersFrom(io: Io, file: string): Promise<Answers> {
  const text = new TextDecoder().decode(await readInput(io, file));
  try {
    return readAnswers(parseYaml(text));
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new Failure(`${file} is not YAML: ${error.message.split('\n')[0]}`, { code: 'CLI_BAD_ANSWERS', hint: 'Correct the file.' });
  }
}

async function writeNew(file: string, text: string, force = false): Promise<void> {
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new Failure(`${file} is there already`, { code: 'CLI_EXISTS', hint: 'Name another file, or give --force.' });
  }
}
