import { closeSync, createReadStream, type Stats } from 'node:fs';
import { Readable } from 'node:stream';
import type { FoundPath } from '../paths.js';

const TYPES: Record<string, string> = {
  cfg: 'text/plain; charset=utf-8',
  conf: 'text/plain; charset=utf-8',
  css: 'text/css',
  efi: 'application/efi',
  htm: 'text/html; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ipxe: 'text/plain; charset=utf-8',
  iso: 'application/x-iso9660-image',
  js: 'text/javascript',
  json: 'application/json',
  ks: 'text/plain; charset=utf-8',
  log: 'text/plain; charset=utf-8',
  png: 'image/png',
  rpm: 'application/x-rpm',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  xml: 'text/xml',
};

function typeOf(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return TYPES[file.slice(file.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
}

/** Strong enough for one file over time: size, modification time to the microsecond, and inode. Whole numbers of 32 bits print fastest. */
function etagOf({ size, mtimeMs, ino }: Stats): string {
  const seconds = Math.floor(mtimeMs / 1000);
  const micros = Math.round((mtimeMs - seconds * 1000) * 1000);
  return `"${size.toString(16)}-${seconds.toString(16)}.${micros.toString(16)}-${ino.toString(16)}"`;
}

interface ByteRange {
  start: number;
  /** Inclusive, as in the header. */
  end: number;
}

/**
 * The range asked for (RFC 9110 section 14.2): one range only. `undefined` to send everything (no range, several, or none we read),
 * `unsatisfiable` when it begins behind the end.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.replaceAll(' ', '') ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  if (match[1] === '') {
    const suffix = Number(match[2]);
    return suffix === 0 || size === 0 ? 'unsatisfiable' : { start: Math.max(0, size - suffix), end: size - 1 };
  }
  const start = Number(match[1]);
  const end = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (match[2] !== '' && Number(match[2]) < start) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end };
}

/** Whether a list of entity tags (`If-None-Match`, `If-Match`) names one. */
function names(list: string, etag: string): boolean {
  return list.split(',').some((each) => ['*', etag].includes(each.trim().replace(/^W\//, '')));
}

/** Headers of a request by their names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

function header(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'object' ? value.join(', ') : value;
}

/** Evaluates the conditions of a request in the order of RFC 9110 section 13.2.2. */
function precondition(headers: RequestHeaders, etag: string, modified: number): 304 | 412 | undefined {
  const seconds = Math.floor(modified / 1000) * 1000;
  const [match, none] = [header(headers, 'if-match'), header(headers, 'if-none-match')];
  const date = (name: string) => {
    const value = header(headers, name);
    return value === undefined ? Number.NaN : Date.parse(value);
  };
  if (match !== undefined ? !names(match, etag) : seconds > date('if-unmodified-since')) return 412;
  if (none !== undefined ? names(none, etag) : seconds <= date('if-modified-since')) return 304;
  return undefined;
}

function rangeApplies(headers: RequestHeaders, etag: string, modified: number): boolean {
  const condition = header(headers, 'if-range');
  if (condition === undefined) return true;
  return condition.startsWith('"') ? condition === etag : Date.parse(condition) === Math.floor(modified / 1000) * 1000;
}

/** What is to be sent of a file, decided and not yet read. */
export interface FileAnswer {
  status: 200 | 206 | 304 | 412 | 416;
  headers: Record<string, string>;
  /** The file as it was found, and the bytes of it that are the body, first and last; `undefined` for an answer without one. */
  body: { stats: Stats; start: number; end: number } | undefined;
}

/** Answers GET and HEAD for one file, with ranges and conditions. */
export function answerFile(method: string, asked: RequestHeaders, { path, stats }: FoundPath): FileAnswer {
  const etag = etagOf(stats);
  const headers: Record<string, string> = {
    'accept-ranges': 'bytes',
    'content-type': typeOf(path),
    etag,
    'last-modified': stats.mtime.toUTCString(),
  };
  const failed = precondition(asked, etag, stats.mtimeMs);
  if (failed !== undefined) return { status: failed, headers, body: undefined };
  const applies = rangeApplies(asked, etag, stats.mtimeMs);
  const wanted = applies ? parseRange(header(asked, 'range'), stats.size) : undefined;
  if (wanted === 'unsatisfiable') {
    headers['content-range'] = `bytes */${stats.size}`;
    return { status: 416, headers, body: undefined };
  }
  const { start, end } = wanted ?? { start: 0, end: stats.size - 1 };
  headers['content-length'] = String(end - start + 1);
  if (wanted) headers['content-range'] = `bytes ${start}-${end}/${stats.size}`;
  const hasBody = method !== 'HEAD' && stats.size > 0;
  return { status: wanted ? 206 : 200, headers, body: hasBody ? { stats, start, end } : undefined };
}

/** The same as a web response, for callers without a socket. Closes the file. */
export function fileResponse({ status, headers, body }: FileAnswer, file: number): Response {
  const stream = body && Readable.toWeb(createReadStream('', { fd: file, start: body.start, end: body.end }));
  if (!body) closeSync(file);
  return new Response((stream as ReadableStream<Uint8Array> | undefined) ?? null, { status, headers });
}

/** Answers GET and HEAD for a text that was made for this request. */
export function textResponse(request: Request, text: string, type = 'text/plain; charset=utf-8'): Response {
  const bytes = new TextEncoder().encode(text);
  const headers = { 'content-type': type, 'content-length': String(bytes.length), 'cache-control': 'no-store' };
  return new Response(request.method === 'HEAD' ? null : bytes, { headers });
}
