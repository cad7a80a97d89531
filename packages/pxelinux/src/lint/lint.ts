import { applyEdits, compareDiagnostics, type Diagnostic, type Severity, Source, selectCompatible } from '@pxekit/diagnostics';
import { evaluate } from '../evaluate.js';
import { type Document, latin1ToBytes, parse } from '../lines.js';
import type { Engine, ModelOf, Origin } from '../model.js';
import { type Outline, outline, type Statement, statementAt } from '../outline.js';
import type { LintOptions } from './options.js';
import { RULES } from './registry.js';
import type { LintContext, LintDiagnostic, Rule } from './rule.js';
import { suppressions } from './suppress.js';

const DEFAULT_ENGINES: readonly Engine[] = ['core', 'menu'];

class Context implements LintContext {
  readonly document: Document;
  readonly outline: Outline;
  readonly options: LintOptions;
  readonly file: string;
  #models: Partial<ModelOf> = {};

  constructor(document: Document, options: LintOptions) {
    this.document = document;
    this.outline = outline(document);
    this.options = options;
    this.file = options.file ?? '<config>';
  }

  get core() {
    return (this.#models.core ??= this.#evaluate('core'));
  }

  get menu() {
    return (this.#models.menu ??= this.#evaluate('menu'));
  }

  get uboot() {
    return (this.#models.uboot ??= this.#evaluate('uboot'));
  }

  readonly at = (origin: Origin | undefined): Statement | undefined => {
    return origin?.file === this.file ? statementAt(this.outline, origin.line) : undefined;
  };

  #evaluate<E extends Engine>(engine: E): ModelOf[E] {
    const { include, includedBy: { document, file } = this } = this.options;
    return evaluate(document, { engine, file, ...(include && { include }) });
  }
}

/** What the options say of a rule, by its whole name or without `pxelinux/`. */
function configured({ code }: Rule, { rules = {} }: LintOptions): Severity | 'off' | undefined {
  return rules[code] ?? rules[code.slice('pxelinux/'.length)];
}

/**
 * What is wrong with a configuration file, or may be, in the order of the file.
 *
 * A comment `# pxekit-disable-next-line CODE` above a line, or `rules` in the options, switch findings off.
 */
export function lint(document: Document, options: LintOptions = {}): LintDiagnostic[] {
  const context = new Context(document, options);
  const source = new Source(document.text, { name: context.file, lineSeparator: 'lf' });
  const suppressed = suppressions(document);
  const engines = options.engines ?? DEFAULT_ENGINES;
  const found: LintDiagnostic[] = [];
  for (const rule of RULES) {
    if (!rule.engines.some((engine) => engines.includes(engine))) continue;
    const wanted = configured(rule, options);
    if (wanted === 'off') continue;
    for (const finding of rule.check(context)) {
      const severity = wanted ?? finding.severity ?? rule.severity;
      const range = source.range(finding.start, finding.end);
      if (suppressed(rule.code, range.start.line)) continue;
      const { message, fix, related } = finding;
      found.push({
        code: rule.code,
        severity,
        engines: rule.engines,
        message,
        range,
        source: source.name,
        ...(fix && { fix }),
        ...(related && { related: related.map(({ message, start, end }) => ({ message, range: source.range(start, end) })) }),
      });
    }
  }
  return found.sort(compareDiagnostics);
}

/** The document with every fix applied that does not clash with an earlier one. */
export function applyFixes<Input extends string | Uint8Array>(
  document: Document<Input>,
  diagnostics: readonly Diagnostic[],
): Document<Input> {
  const edits = selectCompatible(diagnostics.flatMap(({ fix }) => (fix ? [fix.edits] : [])));
  const text = applyEdits(document.text, edits);
  return parse(document.encoding === 'string' ? text : latin1ToBytes(text)) as Document<Input>;
}
