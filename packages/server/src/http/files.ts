import { closeSync, createReadStream, openSync, readdirSync, readSync, type Stats, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';

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

/** Strong enough for one file over time: size and modification time to the nanosecond where the system gives it. */
function etagOf({ size, mtimeMs, ino }: Stats): string {
  return `"${size.toString(16)}-${Math.round(mtimeMs * 1000).toString(16)}-${ino.toString(16)}"`;
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

/** Evaluates the conditions of a request in the order of RFC 9110 section 13.2.2. */
function precondition(headers: Headers, etag: string, modified: number): 304 | 412 | undefined {
  const seconds = Math.floor(modified / 1000) * 1000;
  const [match, none] = [headers.get('if-match'), headers.get('if-none-match')];
  const [unmodified, since] = [Date.parse(headers.get('if-unmodified-since') ?? ''), Date.parse(headers.get('if-modified-since') ?? '')];
  if (match !== null ? !names(match, etag) : seconds > unmodified) return 412;
  if (none !== null ? names(none, etag) : seconds <= since) return 304;
  return undefined;
}

function rangeApplies(headers: Headers, etag: string, modified: number): boolean {
  const condition = headers.get('if-range');
  if (condition === null) return true;
  return condition.startsWith('"') ? condition === etag : Date.parse(condition) === Math.floor(modified / 1000) * 1000;
}

/** What is to be sent of a file, decided and not yet read. */
export interface FileAnswer {
  status: 200 | 206 | 304 | 412 | 416;
  headers: Record<string, string>;
  /** Bytes of the body, first and last; `undefined` for an answer without one. */
  body: { path: string; start: number; end: number } | undefined;
}

/** Answers GET and HEAD for one file, with ranges and conditions. */
export function answerFile(request: Request, path: string, stats: Stats): FileAnswer {
  const etag = etagOf(stats);
  const headers: Record<string, string> = {
    'accept-ranges': 'bytes',
    'content-type': typeOf(path),
    etag,
    'last-modified': stats.mtime.toUTCString(),
  };
  const failed = precondition(request.headers, etag, stats.mtimeMs);
  if (failed !== undefined) return { status: failed, headers, body: undefined };
  const applies = rangeApplies(request.headers, etag, stats.mtimeMs);
  const wanted = applies ? parseRange(request.headers.get('range') ?? undefined, stats.size) : undefined;
  if (wanted === 'unsatisfiable') {
    headers['content-range'] = `bytes */${stats.size}`;
    return { status: 416, headers, body: undefined };
  }
  const { start, end } = wanted ?? { start: 0, end: stats.size - 1 };
  headers['content-length'] = String(end - start + 1);
  if (wanted) headers['content-range'] = `bytes ${start}-${end}/${stats.size}`;
  const hasBody = request.method !== 'HEAD' && stats.size > 0;
  return { status: wanted ? 206 : 200, headers, body: hasBody ? { path, start, end } : undefined };
}

/** Files up to this size are read at once, in one go: cheaper than a stream or the thread pool. */
const SMALL = 64 * 1024;

/** Sends an answer straight from the file to the socket. */
export function sendFile(answer: FileAnswer, outgoing: ServerResponse): void {
  const { status, headers, body } = answer;
  if (body === undefined) {
    outgoing.writeHead(status, headers).end();
    return;
  }
  const { path, start, end } = body;
  const size = end - start + 1;
  if (size > SMALL) {
    outgoing.writeHead(status, headers);
    // A client that goes away, or a file that shrinks, ends the connection; the log tells.
    pipeline(createReadStream(path, { start, end, highWaterMark: 1024 * 1024 }), outgoing, () => {});
    return;
  }
  const bytes = Buffer.allocUnsafe(size);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, bytes, 0, size, start) < size) outgoing.destroy();
    else outgoing.writeHead(status, headers).end(bytes);
  } finally {
    closeSync(file);
  }
}

/** The same as a web response, for callers without a socket. */
export function fileResponse({ status, headers, body }: FileAnswer): Response {
  const stream = body && Readable.toWeb(createReadStream(body.path, { start: body.start, end: body.end }));
  return new Response((stream as ReadableStream<Uint8Array> | undefined) ?? null, { status, headers });
}

/** Answers GET and HEAD for a text that was made for this request. */
export function textResponse(request: Request, text: string, type = 'text/plain; charset=utf-8'): Response {
  const bytes = new TextEncoder().encode(text);
  const headers = { 'content-type': type, 'content-length': String(bytes.length), 'cache-control': 'no-store' };
  return new Response(request.method === 'HEAD' ? null : bytes, { headers });
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character] as string);
}

export interface IndexEntry {
  name: string;
  isFolder: boolean;
  size: number;
  modified: Date;
}

/** The entries of a folder, folders first, each by name. Links that lead nowhere are left out. */
export function readIndex(folder: string): IndexEntry[] {
  const entries: IndexEntry[] = [];
  for (const name of readdirSync(folder)) {
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stats) entries.push({ name, isFolder: stats.isDirectory(), size: stats.size, modified: stats.mtime });
  }
  return entries.sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || (a.name < b.name ? -1 : 1));
}

/** A folder as a page; `wget -r` and installers follow its links. */
export function indexPage(path: string, entries: readonly IndexEntry[]): string {
  const rows = entries.map(({ name, isFolder, size, modified }) => {
    const shown = escapeHtml(isFolder ? `${name}/` : name);
    const link = `${encodeURIComponent(name)}${isFolder ? '/' : ''}`;
    const when = modified.toISOString().slice(0, 16).replace('T', ' ');
    return `<tr><td><a href="${link}">${shown}</a></td><td>${when}</td><td>${isFolder ? '-' : size}</td></tr>`;
  });
  const title = `Index of ${escapeHtml(path)}`;
  const up = path === '/' ? '' : '<tr><td><a href="../">../</a></td><td></td><td>-</td></tr>\n';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>
<body><h1>${title}</h1><table><thead><tr><th>Name</th><th>Modified (UTC)</th><th>Bytes</th></tr></thead><tbody>
${up}${rows.join('\n')}
</tbody></table></body></html>
`;
}
