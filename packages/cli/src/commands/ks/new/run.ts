import { writeFile } from 'node:fs/promises';
import { formatCodeFrame, toJson } from '@pxekit/diagnostics';
import { diagnose } from '@pxekit/kickstart';
import { parse as parseYaml, stringify, YAMLParseError } from 'yaml';
import { Failure } from '../../../failure.js';
import { type Io, readInput } from '../../../io.js';
import { namedRelease } from '../release.js';
import { type Answers, kickstartOf, readAnswers } from './answers.js';
import { terminalPrompts } from './prompts.js';
import { ask, type Prompts } from './wizard.js';

export interface NewOptions {
  answers?: string;
  save?: string;
  output?: string;
  force?: boolean;
  json?: boolean;
}

/** Asks or reads the answers, and writes the kickstart file. */
export async function writeKickstart(
  io: Io,
  prompts: Prompts | undefined,
  { answers: file, save, output, force, json }: NewOptions,
): Promise<void> {
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
