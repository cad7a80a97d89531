import type { Diagnostic, Range } from '@pxekit/diagnostics';
import { parse } from './parse.js';
import type { KickstartSource } from './source.js';
import type { Document, Include, KsAppend } from './tree.js';

/** Gives the text of a file or URL, or `undefined` when there is none. */
export type ReadInclude = (path: string) => string | undefined;
export type ReadIncludeAsync = (path: string) => Promise<string | undefined> | string | undefined;

export interface FlattenLimits {
  /** How deep includes may nest. Default: 64. */
  maxDepth?: number;
  /** How many includes are followed in all. Default: 10,000. */
  maxIncludes?: number;
  /** How long the result may be, in UTF-16 code units. Default: 64 Mi. */
  maxLength?: number;
}

export interface FlattenOptions extends FlattenLimits {
  read: ReadInclude;
}

export interface FlattenAsyncOptions extends FlattenLimits {
  read: ReadIncludeAsync;
}

/** Where a stretch of the flattened text came from. */
export interface Origin {
  /** Offsets in the flattened text, end exclusive. */
  start: number;
  end: number;
  /** Name of the file, as the reader was asked for it. */
  file: string;
  /** Offset in that file at which the stretch begins. */
  offset: number;
}

/** A file with everything it includes in place. */
export interface Flattened {
  /** The whole file: comments, order and spelling of all its parts survive. */
  document: Document;
  /** In the order of the text, without gaps. */
  origins: Origin[];
  /** All files that were read, the first one first, by name. */
  files: ReadonlyMap<string, KickstartSource>;
  /** Includes that could not be followed; each names the file it stands in as `source`. */
  diagnostics: Diagnostic[];
  /** File and range of a place in the flattened text. */
  locate(range: Range): { source: string; range: Range };
  /** Diagnostics of the flattened document as diagnostics of the files they come from. */
  relocate(diagnostics: readonly Diagnostic[]): Diagnostic[];
}

/** Puts `%include` and `%ksappend` in place, with a reader that answers at once. */
export function flattenSync(document: Document, { read, ...limits }: FlattenOptions): Flattened {
  const steps = flattening(document, limits);
  let step = steps.next();
  while (!step.done) step = steps.next(read(step.value));
  return step.value;
}

/**
 * Puts `%include` and `%ksappend` in place. Paths are those of the file names them, relative ones seen from the file they stand in; the
 * name of the document itself (`parse(text, { name })`) is where that begins. Lines whose file is not there stay as they are and are
 * reported.
 *
 * @throws what the reader throws
 */
export async function flatten(document: Document, { read, ...limits }: FlattenAsyncOptions): Promise<Flattened> {
  const steps = flattening(document, limits);
  let step = steps.next();
  while (!step.done) step = steps.next(await read(step.value));
  return step.value;
}

interface Frame {
  source: KickstartSource;
  includes: (Include | KsAppend)[];
  next: number;
  /** Offset up to which the file has been copied. */
  copied: number;
}

/** Asks for one path after the other and builds the result; who answers decides whether that waits. */
function* flattening(
  document: Document,
  { maxDepth = 64, maxIncludes = 10_000, maxLength = 67_108_864 }: FlattenLimits,
): Generator<string, Flattened, string | undefined> {
  const files = new Map<string, KickstartSource>([[document.source.name, document.source]]);
  const trees = new Map<string, Document>([[document.source.name, document]]);
  const missing = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  const origins: Origin[] = [];
  const parts: string[] = [];
  let length = 0;
  let followed = 0;

  const copy = (frame: Frame, until: number) => {
    if (until <= frame.copied) return;
    const text = frame.source.text.slice(frame.copied, until);
    origins.push({ start: length, end: length + text.length, file: frame.source.name, offset: frame.copied });
    parts.push(text);
    length += text.length;
    frame.copied = until;
  };
  const endLine = (frame: Frame) => {
    const last = parts.at(-1);
    if (last === undefined || /[\n\r]$/.test(last)) return;
    origins.push({ start: length, end: length + 1, file: frame.source.name, offset: frame.source.text.length });
    parts.push('\n');
    length++;
  };
  const report = (frame: Frame, node: Include | KsAppend, code: string, severity: Diagnostic['severity'], message: string) => {
    const place = node.target ?? node.name;
    diagnostics.push({ code, severity, message, range: frame.source.range(place.start, place.end), source: frame.source.name });
  };

  const stack: Frame[] = [{ source: document.source, includes: includesOf(document), next: 0, copied: 0 }];
  while (stack.length > 0) {
    const frame = stack[stack.length - 1] as Frame;
    const node = frame.includes[frame.next++];
    if (node === undefined) {
      copy(frame, frame.source.text.length);
      stack.pop();
      if (stack.length > 0) endLine(frame);
      continue;
    }
    if (node.target === undefined) continue;
    const path = resolvePath(node.target.value, frame.source.name);
    if (node.target.template) {
      report(frame, node, 'ks/include-of-template', 'info', 'The path is filled in by a template and cannot be followed');
      continue;
    }
    const cycle = stack.findIndex(({ source }) => source.name === path);
    if (cycle !== -1) {
      const chain = [...stack.slice(cycle).map(({ source }) => source.name), path].join(' > ');
      report(frame, node, 'ks/include-cycle', 'error', `The file includes itself: ${chain}`);
      continue;
    }
    if (stack.length > maxDepth || ++followed > maxIncludes || length > maxLength) {
      report(frame, node, 'ks/include-limit', 'error', 'Too many files are included; this one is left out');
      continue;
    }
    let tree = trees.get(path);
    if (tree === undefined && !missing.has(path)) {
      const text: string | undefined = yield path;
      if (text === undefined) missing.add(path);
      else {
        tree = parse(text, { name: path });
        trees.set(path, tree);
        files.set(path, tree.source);
      }
    }
    if (tree === undefined) {
      const atInstallTime = /^\/(?:tmp|run|mnt|dev)\//.test(path);
      report(
        frame,
        node,
        'ks/include-not-found',
        atInstallTime ? 'info' : 'warning',
        atInstallTime ? `"${path}" is made while the installer runs` : `"${path}" is not there`,
      );
      continue;
    }
    copy(frame, node.start);
    frame.copied = node.end;
    stack.push({ source: tree.source, includes: includesOf(tree), next: 0, copied: 0 });
  }

  const flat = parse(parts.join(''), { name: document.source.name });
  return finish(flat, origins, files, diagnostics);
}

function finish(document: Document, origins: Origin[], files: ReadonlyMap<string, KickstartSource>, diagnostics: Diagnostic[]): Flattened {
  const originAt = (offset: number): Origin | undefined => {
    let low = 0;
    let high = origins.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((origins[middle] as Origin).start <= offset) low = middle;
      else high = middle - 1;
    }
    return origins[low];
  };
  const locate = ({ start, end }: Range) => {
    const origin = originAt(start.offset);
    const source = origin === undefined ? undefined : files.get(origin.file);
    if (origin === undefined || source === undefined) return { source: document.source.name, range: { start, end } };
    const from = origin.offset + start.offset - origin.start;
    const until = origin.offset + Math.min(end.offset, origin.end) - origin.start;
    return { source: source.name, range: source.range(from, until) };
  };
  const relocate = (found: readonly Diagnostic[]) =>
    found.map((diagnostic): Diagnostic => {
      // Fixes are edits of the flattened text, which no file is.
      const { fix: _, related, ...rest } = diagnostic;
      return {
        ...rest,
        ...locate(diagnostic.range),
        ...(related && { related: related.map(({ message, range }) => ({ message, ...locate(range) })) }),
      };
    });
  return { document, origins, files, diagnostics, locate, relocate };
}

/** The include lines of a file, those inside sections too, in order. */
function includesOf({ children }: Document): (Include | KsAppend)[] {
  return children.flatMap((node) => {
    if (node.type === 'include' || node.type === 'ksappend') return [node];
    if (node.type !== 'section') return [];
    return node.body.filter((inner): inner is Include | KsAppend => inner.type === 'include' || inner.type === 'ksappend');
  });
}

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/** A path as seen from the file that names it; URLs and absolute paths stand for themselves. */
export function resolvePath(path: string, from: string): string {
  if (SCHEME.test(path)) return path;
  const base = SCHEME.exec(from)?.[0];
  const host = base === undefined ? '' : from.slice(0, (from.indexOf('/', base.length) + 1 || from.length + 1) - 1);
  if (path.startsWith('/')) return host + path;
  const folder = from.slice(host.length).replace(/[?#].*$/, '');
  const segments = folder.split('/').slice(0, -1);
  for (const segment of path.split('/')) {
    if (segment === '.' || segment === '') continue;
    if (segment === '..' && segments.length > 0 && segments.at(-1) !== '..' && segments.at(-1) !== '') segments.pop();
    else if (segment !== '..' || segments.at(-1) !== '') segments.push(segment);
  }
  return host + (host !== '' && segments[0] !== '' ? '/' : '') + segments.join('/');
}
