import { readFile } from 'node:fs/promises';
import { formatCodeFrame, toJson } from '@pxekit/diagnostics';
import { type Flattened, flatten, parse } from '@pxekit/kickstart';
import { Command } from 'commander';
import { eachFile, foundSomething } from '../../each-file.js';
import { Failure } from '../../failure.js';
import type { Io } from '../../io.js';
import { readKickstart, sourceName } from './text.js';

interface FlattenOptions {
  origins?: boolean;
  json?: boolean;
}

/** How long a web server may take for one included file, in milliseconds. */
const FETCH_TIMEOUT = 30_000;

export function flattenCommand(io: Io): Command {
  return new Command('flatten')
    .description('Put %include and %ksappend in place and print one file, comments and all.')
    .argument('<file>', 'file or URL; - is standard input')
    .option('--origins', 'begin each line with the file and line it came from')
    .option('--json', 'print {text, lines: [{file, line}], diagnostics}')
    .addHelpText(
      'after',
      `
Included files are looked for beside the file that names them. Lines whose file is not there stay as they are,
and so do those whose file cannot be fetched; the command then ends with 1.

Examples:
  $ pxekit ks flatten main.ks > ks.cfg
  $ pxekit ks flatten http://boot.example/ks/main.ks
  $ pxekit ks flatten --origins main.ks`,
    )
    .action(async (name: string, options: FlattenOptions) => eachFile(io, [name], (file) => run(io, file, options)));
}

async function run(io: Io, file: string, { origins, json }: FlattenOptions): Promise<void> {
  const text = isUrl(file) ? await fetchText(file) : (await readKickstart(io, file)).text;
  if (text === undefined) {
    throw new Failure(`There is nothing at ${file}`, { code: 'CLI_NOT_FOUND', hint: 'Check the address.' });
  }
  const flat = await flatten(parse(text, { name: sourceName(file) }), { read: (path) => readPart(io, path) });
  if (flat.diagnostics.some(({ severity }) => severity === 'error')) foundSomething(io);
  const flatText = flat.document.source.text;
  if (json) {
    io.out(
      JSON.stringify({
        text: flatText,
        lines: lines(flat).map(({ file, line }) => ({ file, line })),
        diagnostics: flat.diagnostics.map(toJson),
      }),
    );
    return;
  }
  if (origins) for (const { file, line, text } of lines(flat)) io.out(`${file}:${line}: ${text}`);
  else io.stdout.write(flatText);
  for (const diagnostic of flat.diagnostics) {
    const source = flat.files.get(diagnostic.source ?? '') ?? flat.document.source;
    io.err(formatCodeFrame(diagnostic, source));
  }
}

function lines({ document, locate }: Flattened): { file: string; line: number; text: string }[] {
  const { source } = document;
  const count = source.text === '' || /[\n\r]$/.test(source.text) ? source.lineCount - 1 : source.lineCount;
  return Array.from({ length: count }, (_, index) => {
    const start = source.lineStart(index + 1) ?? 0;
    const place = locate(source.range(start, start));
    return { file: place.source, line: place.range.start.line, text: source.lineText(index + 1) ?? '' };
  });
}

const isUrl = (path: string) => /^https?:\/\//i.test(path);

async function readPart(io: Io, path: string): Promise<string | undefined> {
  if (isUrl(path)) {
    return fetchText(path).catch((error: Failure) => {
      io.err(error.message);
      foundSomething(io);
      return undefined;
    });
  }
  try {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await readFile(path));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

async function fetchText(url: string): Promise<string | undefined> {
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT) }).catch((error: Error) => {
    const cause = error.cause instanceof Error ? error.cause.message : error.message;
    throw new Failure(`${url} cannot be fetched: ${cause}`, { code: 'CLI_FETCH', hint: 'Check the address and the server.' });
  });
  return response.ok ? response.text() : undefined;
}
