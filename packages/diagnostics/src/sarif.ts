import type { Diagnostic, Severity } from './diagnostic.js';

/** The diagnostics of one file. */
export interface FileDiagnostics {
  /** Path or URL of the file. */
  file: string;
  diagnostics: readonly Diagnostic[];
}

export interface SarifTool {
  name: string;
  version: string;
  informationUri?: string;
}

const LEVEL: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'note' };

function region({ start, end }: Diagnostic['range']) {
  return {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
    charOffset: start.offset,
    charLength: end.offset - start.offset,
  };
}

/** Diagnostics as a SARIF 2.1.0 log (OASIS), which code hosts and editors read. Columns count UTF-16 code units. */
export function toSarif(files: readonly FileDiagnostics[], tool: SarifTool): object {
  const rules = new Map<string, string | undefined>();
  for (const { diagnostics } of files) for (const { code, url } of diagnostics) rules.set(code, url ?? rules.get(code));
  const ids = [...rules.keys()].sort();
  const results = files.flatMap(({ file, diagnostics }) =>
    diagnostics.map((diagnostic) => ({
      ruleId: diagnostic.code,
      ruleIndex: ids.indexOf(diagnostic.code),
      level: LEVEL[diagnostic.severity],
      message: { text: diagnostic.message },
      locations: [{ physicalLocation: { artifactLocation: { uri: diagnostic.source ?? file }, region: region(diagnostic.range) } }],
      ...(diagnostic.related && {
        relatedLocations: diagnostic.related.map((related, id) => ({
          id,
          message: { text: related.message },
          physicalLocation: { artifactLocation: { uri: related.source ?? file }, region: region(related.range) },
        })),
      }),
    })),
  );
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { ...tool, rules: ids.map((id) => ({ id, ...(rules.get(id) && { helpUri: rules.get(id) }) })) } },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
}
