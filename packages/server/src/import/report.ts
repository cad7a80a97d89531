import type { Diagnostic } from '@pxekit/diagnostics';
import { stringify } from 'yaml';
import type { ConfigInput } from '../config/schema.js';

/** What became of one statement of the old configuration. */
export interface ImportedStatement {
  /** From 1. */
  line: number;
  /** The statement, on one line. */
  text: string;
  /** `kept`: it stands in the new file. `changed`: it stands there in another way. `not-needed`: nothing has to stand for it. `lost`: there is nothing for it. */
  outcome: 'kept' | 'changed' | 'not-needed' | 'lost';
  note: string;
}

export interface ImportResult {
  config: ConfigInput;
  statements: ImportedStatement[];
  /** Mistakes in the old text, with their fixes. */
  diagnostics: Diagnostic[];
}

/** The configuration as the text of a `pxekit.yaml`. */
export function configText(config: ConfigInput, { from }: { from: string }): string {
  return `# Written by \`pxekit import\` from ${from}. \`pxekit check\` says what is still missing.\n${stringify(config, { lineWidth: 120 })}`;
}
