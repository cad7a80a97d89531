import type { Diagnostic, Fix, Severity } from '@pxekit/diagnostics';
import type { Document } from '../lines.js';
import type { CoreModel, Engine, MenuModel, Origin, UbootModel } from '../model.js';
import type { Outline, Statement } from '../outline.js';
import type { LintCode } from './codes.js';
import type { LintOptions } from './options.js';

/** What a rule sees of a file. Models are evaluated when first asked for. */
export interface LintContext {
  readonly document: Document;
  readonly outline: Outline;
  readonly options: LintOptions;
  /** Name of the file. */
  readonly file: string;
  readonly core: CoreModel;
  readonly menu: MenuModel;
  readonly uboot: UbootModel;
  /** The statement a value of a model was read from; `undefined` when it stands in another file. */
  at(origin: Origin | undefined): Statement | undefined;
}

/** A finding before it gets its code. `start` and `end` are offsets in the document's text. */
export interface Finding {
  start: number;
  end: number;
  message: string;
  /** Default: the rule's severity. */
  severity?: Severity;
  fix?: Fix;
  related?: { message: string; start: number; end: number }[];
}

export interface Rule {
  code: LintCode;
  severity: Severity;
  /** The loaders it is about; it runs when one of them is asked for. */
  engines: readonly Engine[];
  check(context: LintContext): Iterable<Finding>;
}

/** A finding with the loaders it is about. */
export interface LintDiagnostic extends Diagnostic {
  code: LintCode;
  engines: readonly Engine[];
}

/** The stretch of a statement's value; of the whole directive when it has none. */
export function valueRange(statement: Statement): { start: number; end: number } {
  return statement.hasValue ? { start: statement.valueOffset, end: statement.end } : directiveRange(statement);
}

/** The stretch from the keyword to the end of the value. */
export function directiveRange({ start, end }: Statement): { start: number; end: number } {
  return { start, end };
}

/** The stretch of the directive's name. */
export function nameRange(statement: Statement): { start: number; end: number } {
  const { start, end } = statement;
  return statement.hasValue ? { start, end: start + statement.node.keyword.length } : { start, end };
}
