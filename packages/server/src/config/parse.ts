import { type Diagnostic, formatCodeFrame, Source } from '@pxekit/diagnostics';
import { type Document, isMap, isNode, isScalar, parseDocument } from 'yaml';
import type * as z from 'zod';
import { ServerError } from '../errors.js';
import { type Config, configSchema } from './schema.js';
import { nearest } from './suggest.js';

type Path = readonly (string | number)[];

/** A configuration text that was read, with the way back from a key to its place. */
export interface ParsedConfig {
  source: Source;
  /** `undefined` when there are errors. */
  config: Config | undefined;
  diagnostics: Diagnostic[];
  /** The place of the value at a path, or of the nearest thing above it that exists. */
  rangeOf(path: Path): Diagnostic['range'];
}

/** Thrown for a configuration with errors. `message` shows each with the lines around it. */
export class ConfigError extends ServerError {
  override readonly name = 'ConfigError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(source: Source, diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const frames = errors.map((each) => formatCodeFrame(each, source)).join('\n');
    super(`${source.name} has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}\n${frames}`, {
      code: 'SERVER_CONFIG',
      hint: 'Correct the file; `pxekit check` looks at it without opening a port.',
    });
    this.diagnostics = diagnostics;
  }
}

/** Reads the text of a configuration. Never throws on bad text: the findings are in `diagnostics`. */
export function parseConfig(text: string, name = 'pxekit.yaml'): ParsedConfig {
  const source = new Source(text, { name });
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true });
  const rangeOf = (path: Path) => rangeIn(document, source, path);
  const diagnostics: Diagnostic[] = [...document.errors, ...document.warnings].map((error) => ({
    code: 'config/syntax',
    severity: error.name === 'YAMLWarning' ? 'warning' : 'error',
    message: error.message,
    range: source.range(...error.pos),
    source: name,
  }));
  if (document.errors.length > 0) return { source, config: undefined, diagnostics, rangeOf };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (error) {
    diagnostics.push({
      code: 'config/syntax',
      severity: 'error',
      message: (error as Error).message,
      range: source.range(0, 0),
      source: name,
    });
    return { source, config: undefined, diagnostics, rangeOf };
  }
  const result = configSchema.safeParse(value);
  if (!result.success) {
    for (const issue of result.error.issues) diagnostics.push(...describe(issue, document, source, []));
    diagnostics.sort((a, b) => a.range.start.offset - b.range.start.offset);
  }
  return { source, config: result.data, diagnostics, rangeOf };
}

function describe(issue: z.core.$ZodIssue, document: Document, source: Source, base: Path): Diagnostic[] {
  const path = [...base, ...(issue.path as Path)];
  const finding = (code: string, message: string, range: Diagnostic['range']): Diagnostic => ({
    code,
    severity: 'error',
    message,
    range,
    source: source.name,
  });
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      const where = path.length === 0 ? '' : ` in ${dotted(path)}`;
      const range = keyRange(document, source, path, key);
      const diagnostic = finding('config/unknown-key', `Unknown key "${key}"${where}${near ? `; did you mean "${near}"?` : ''}`, range);
      if (!near) diagnostic.message += known.length > 0 ? `; known are ${known.join(', ')}` : '';
      else diagnostic.fix = { title: `Write "${near}"`, edits: [{ start: range.start.offset, end: range.end.offset, newText: near }] };
      return diagnostic;
    });
  }
  const missing = ['invalid_type', 'invalid_union'].includes(issue.code) && document.getIn(path) === undefined;
  if (missing) {
    const where = path.length > 1 ? ` in ${dotted(path.slice(0, -1))}` : '';
    return [finding('config/missing-key', `"${path.at(-1)}" is missing${where}`, rangeIn(document, source, path))];
  }
  if (issue.code === 'invalid_union') {
    const nested = bestBranch(issue.errors);
    if (nested) return nested.flatMap((each) => describe(each, document, source, path));
    const choices = issue.errors.flat().map(({ message }) => message.replace(/^Invalid (?:input|option): expected /, ''));
    if (choices.length > 0)
      return [finding('config/invalid-value', `${dotted(path)}: expected ${choices.join(' or ')}`, rangeIn(document, source, path))];
  }
  const what = path.length === 0 ? 'The file' : dotted(path);
  return [finding('config/invalid-value', `${what}: ${inWords(issue.message)}`, rangeIn(document, source, path))];
}

const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  null: 'nothing',
  number: 'a number',
  object: 'keys with values',
  record: 'keys with values',
  string: 'text',
};

/** The schema's message in the words of who writes the file. */
function inWords(message: string): string {
  const kind = (name: string) => KINDS[name] ?? name;
  return message
    .replace(/^Invalid input: expected (\w+), received (\w+)$/, (_, wanted, found) => `Expected ${kind(wanted)}, found ${kind(found)}`)
    .replace(/^Invalid (?:input|option): expected/, 'Expected');
}

/** `machines[0].mac`, as people write it. */
function dotted(path: Path): string {
  return path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('');
}

/** Of the branches of a union, the one that got furthest: whose shape was right and whose inside is wrong. */
function bestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const inside = (issue: z.core.$ZodIssue) => issue.path.length > 0 || issue.code === 'unrecognized_keys';
  const rightType = (issue: z.core.$ZodIssue) => inside(issue) || (issue.code !== 'invalid_type' && issue.code !== 'invalid_value');
  return branches.find((issues) => issues.every(inside)) ?? branches.find((issues) => issues.every(rightType));
}

/** The keys that the schema knows at a path. */
function knownKeys(path: Path): string[] {
  let schema: unknown = configSchema;
  for (const step of path) {
    schema = open(schema)
      .map((each) => child(each, step))
      .find((each) => each !== undefined);
    if (schema === undefined) return [];
  }
  return open(schema).flatMap((each) => ('shape' in each ? Object.keys(each.shape as object) : []));
}

interface Definition {
  innerType?: unknown;
  options?: unknown[];
  in?: unknown;
  element?: unknown;
  valueType?: unknown;
}

/** The object, array and record schemas inside defaults, options and transformations. */
function open(schema: unknown): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  const queue = [schema];
  while (queue.length > 0) {
    const next = queue.pop() as { def: Definition } & Record<string, unknown>;
    const { innerType, options, in: input } = next.def;
    if (innerType) queue.push(innerType);
    else if (options) queue.push(...options);
    else if (input) queue.push(input);
    else found.push(next);
  }
  return found;
}

function child(schema: Record<string, unknown>, step: string | number): unknown {
  if ('shape' in schema) return (schema.shape as Record<string, unknown>)[step];
  const { element, valueType } = schema.def as Definition;
  return element ?? valueType;
}

function keyRange(document: Document, source: Source, path: Path, key: string): Diagnostic['range'] {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isMap(map)) {
    for (const pair of map.items) {
      if (isScalar(pair.key) && String(pair.key.value) === key && pair.key.range) return source.range(pair.key.range[0], pair.key.range[1]);
    }
  }
  return rangeIn(document, source, path);
}

function rangeIn(document: Document, source: Source, path: Path): Diagnostic['range'] {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (!isNode(node) || !node.range) continue;
    const [start, end] = node.range;
    if (length === path.length && length > 0) return source.range(start, end);
    // The thing itself is missing: the key of what should hold it says more than its whole extent.
    const key = length > 0 ? path[length - 1] : undefined;
    if (typeof key === 'string') return keyRange(document, source, path.slice(0, length - 1), key);
    return source.range(start, Math.min(end, start + (source.lineText(source.positionAt(start).line)?.length ?? 0)));
  }
  return source.range(0, 0);
}
