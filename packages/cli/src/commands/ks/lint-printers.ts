import { countBySeverity, type Diagnostic, formatCodeFrame, type SarifTool, toJson, toSarif } from '@pxekit/diagnostics';
import { parse, releaseTitle } from '@pxekit/kickstart';
import pkg from '../../../package.json' with { type: 'json' };
import { counted } from '../../counted.js';
import type { Io } from '../../io.js';
import { jsonLine } from '../../json-line.js';
import type { FileResult } from './lint-result.js';

export type Format = 'pretty' | 'json' | 'sarif' | 'github';

const TOOL: SarifTool = { name: 'pxekit ks lint', version: pkg.version, informationUri: 'https://github.com/pxekit/pxekit' };

interface Printer {
  each?(io: Io, result: FileResult, text: string): void;
  all?(io: Io, results: readonly FileResult[]): void;
}

/** How findings are printed. */
export const PRINTERS: Record<Format, Printer> = {
  json: {
    each: (io, { file, byRelease }) => {
      for (const { release, assumed, ok, diagnostics } of byRelease) {
        io.out(jsonLine({ file, release, ...(assumed && { releaseAssumed: true }), ok, diagnostics: diagnostics.map(toJson) }));
      }
    },
  },
  sarif: {
    all: (io, results) => {
      const files = results.map((result) => ({ file: result.file, diagnostics: withNote(result) }));
      io.out(JSON.stringify(toSarif(files, TOOL), null, 2));
    },
  },
  github: {
    each: (io, result) => {
      for (const diagnostic of withNote(result)) io.out(workflowCommand(result.file, diagnostic));
    },
  },
  pretty: {
    each: (io, { file, diagnostics }, text) => {
      if (diagnostics.length === 0) return;
      const { source } = parse(text, { name: file, templates: 'none' });
      const color = io.stdout.isTTY === true;
      for (const diagnostic of diagnostics) io.out(`${formatCodeFrame(diagnostic, source, { color })}\n`);
    },
    all: (io, results) => {
      const { error, warning, info } = countBySeverity(results.flatMap(({ diagnostics }) => diagnostics));
      const all = results.flatMap(({ byRelease }) => byRelease);
      const releases = [...new Set(all.map(({ release }) => release))].join(', ');
      const found = `${counted(error, 'error')}, ${counted(warning, 'warning')}, ${counted(info, 'note')}`;
      io.out(`${counted(results.length, 'file')}${releases === '' ? '' : ` for ${releases}`}: ${found}.`);
      const guessed = all.find(({ assumed }) => assumed);
      const count = all.filter(({ assumed }) => assumed).length;
      if (guessed) io.out(`${count} of them did not tell a release, so ${guessed.release} was taken; --release names another.`);
    },
  },
};

/** The findings, and a note where nothing told the release they are for. */
function withNote({ byRelease, diagnostics }: FileResult): Diagnostic[] {
  const guessed = byRelease.find(({ assumed }) => assumed);
  if (!guessed) return diagnostics;
  const start = { line: 1, column: 1, offset: 0 };
  const message = `The file does not tell its release, so it was checked for ${releaseTitle(guessed.release)}; --release names another.`;
  return [{ code: 'ks/assumed-release', severity: 'info', message, range: { start, end: start } }, ...diagnostics];
}

const LEVELS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** A GitHub Actions workflow command, which shows the finding beside the line of a pull request. */
function workflowCommand(file: string, { severity, code, message, range: { start, end } }: Diagnostic): string {
  const data = (value: string) => value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (value: string) => data(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const place = `file=${property(file)},line=${start.line},endLine=${end.line},col=${start.column},endColumn=${end.column}`;
  return `::${LEVELS[severity]} ${place},title=${property(code)}::${data(message)}`;
}
