/**
 * What every parser and checker of pxekit speaks: texts with positions, diagnostics with codes, edits, and formatters.
 *
 * ```ts
 * import { formatCodeFrame, Source } from '@pxekit/diagnostics';
 *
 * const source = new Source('lang en_US\nreboot\n', { name: 'ks.cfg' });
 * const range = source.range(0, 10);
 * console.log(formatCodeFrame({ code: 'DEMO', severity: 'info', message: 'No encoding', range }, source));
 * ```
 *
 * @packageDocumentation
 */
export { CODES } from './codes.js';
export { compareDiagnostics, countBySeverity, type Diagnostic, type Fix, type RelatedRange, type Severity } from './diagnostic.js';
export { applyEdits, EditError, selectCompatible, type TextEdit } from './edit.js';
export { type CodeFrameOptions, formatCodeFrame, type JsonDiagnostic, toJson } from './format.js';
export { type FileDiagnostics, type SarifTool, toSarif } from './sarif.js';
export { type LineSeparator, type Position, type Range, Source, type SourceOptions } from './source.js';
