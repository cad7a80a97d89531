import { type Reader, refuse, type Writer } from '../cursor.js';
import type { Shape } from '../shape.js';

/** A name is at most 255 octets long (RFC 1035, 3.1), so at most this many labels. */
const MAX_NAME = 255;
const POINTER = 0xc0;

/** A label as text: dots and backslashes escaped by `\`, octets outside printable ASCII as `\DDD` (RFC 1035, 5.1). */
function labelText(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) {
    const octet = bytes[i]!;
    if (octet === 46 || octet === 92) text += `\\${String.fromCharCode(octet)}`;
    else if (octet > 32 && octet < 127) text += String.fromCharCode(octet);
    else text += `\\${String(octet).padStart(3, '0')}`;
  }
  return text;
}

/**
 * Reads one name. Pointers count from `base`, and each must point before the place that the last one led from, so a loop is refused
 * and the work is bounded by the name's 255 octets. Without `base` a pointer is an error.
 * `open` names may end where the octets end (partial names, RFC 4702, 2.3.1); the second result says whether this one did.
 */
export function readName(reader: Reader, base: number | undefined, open = false): { name: string; partial: boolean } {
  const labels: string[] = [];
  const bad = (message: string, at: number) => {
    reader.fail('DHCP_NAME_INVALID', message, at);
    return { name: '', partial: false };
  };
  let at = reader.pos;
  let lowest = at;
  let jumped = false;
  let size = 0;
  for (;;) {
    if (at >= reader.end) {
      if (!open || jumped) return bad('A domain name runs past the end.', at);
      reader.pos = at;
      return { name: labels.join('.'), partial: true };
    }
    const length = reader.bytes[at]!;
    if (length === 0) break;
    if (length >= POINTER) {
      if (base === undefined) return bad('A compressed domain name stands where none may.', at);
      if (at + 1 >= reader.end) return bad('A domain name runs past the end.', at);
      const target = base + (length & 0x3f) * 256 + reader.bytes[at + 1]!;
      if (target >= lowest) return bad('A compression pointer does not point backwards.', at);
      if (!jumped) reader.pos = at + 2;
      jumped = true;
      at = lowest = target;
      continue;
    }
    if (length > 63) return bad(`${length} is no length of a label.`, at);
    if (at + 1 + length > reader.end) return bad('A label runs past the end.', at);
    if (!reader.item(1 / 4)) {
      reader.failed = true;
      return { name: '', partial: false };
    }
    size += 1 + length;
    if (size >= MAX_NAME) return bad(`A domain name is longer than ${MAX_NAME} octets.`, at);
    labels.push(labelText(reader.bytes, at + 1, at + 1 + length));
    at += 1 + length;
  }
  if (!jumped) reader.pos = at + 1;
  return { name: labels.length === 0 ? '.' : labels.join('.'), partial: false };
}

/** The labels of a name as octets. */
function labelsOf(name: string): Uint8Array[] {
  if (typeof name !== 'string' || name === '') refuse('A domain name is a text that is not empty.');
  if (name === '.') return [];
  const labels: Uint8Array[] = [];
  let label: number[] = [];
  for (let i = 0; i <= name.length; i++) {
    const char = name[i];
    if (char === undefined || char === '.') {
      if (label.length === 0) {
        if (char === undefined && labels.length > 0) break;
        refuse(`"${name}" has an empty label.`);
      }
      if (label.length > 63) refuse(`"${name}" has a label of more than 63 octets.`);
      labels.push(Uint8Array.from(label));
      label = [];
    } else if (char === '\\') {
      const digits = /^\d{3}/.exec(name.slice(i + 1, i + 4))?.[0];
      const code = digits ? Number(digits) : name.charCodeAt(i + 1);
      if (!(code <= 255)) refuse(`"${name}" has a bad escape.`);
      label.push(code);
      i += digits ? 3 : 1;
    } else {
      const code = char.charCodeAt(0);
      if (code > 126 || code < 33) refuse(`"${name}" is no ASCII domain name: write the IDNA form (xn--…).`);
      label.push(code);
    }
  }
  if (labels.reduce((sum, { length }) => sum + 1 + length, 1) > MAX_NAME) refuse(`"${name}" is longer than ${MAX_NAME} octets.`);
  return labels;
}

/** Writes one name; with `seen`, its tail as a pointer where the value already has it (RFC 1035, 4.1.4). */
export function writeName(writer: Writer, name: string, { seen, base = 0, open = false }: WriteName = {}): void {
  const labels = labelsOf(name);
  for (const [index, label] of labels.entries()) {
    // Case is kept: names that differ in it are not shared.
    const tail = labels
      .slice(index)
      .map((octets) => labelText(octets, 0, octets.length))
      .join('.');
    const target = seen?.get(tail);
    if (target !== undefined) {
      writer.uint(2, POINTER * 256 + target);
      return;
    }
    const at = writer.size - base;
    if (at < 0x4000) seen?.set(tail, at);
    writer.uint(1, label.length);
    writer.octets(label);
  }
  if (!open) writer.uint(1, 0);
}

interface WriteName {
  seen?: Map<string, number>;
  base?: number;
  /** Leave out the root label: a partial name. */
  open?: boolean;
}

/** One name, never compressed. The root is `.`; other names have no final dot. */
export const domainName: Shape<string> = {
  name: 'domain name',
  min: 1,
  max: MAX_NAME,
  read: (reader) => readName(reader, undefined).name,
  write: (writer, value) => writeName(writer, value),
};

function domainListOf(name: string, compressed: boolean): Shape<string[], readonly string[]> {
  return {
    name,
    min: 1,
    max: Number.POSITIVE_INFINITY,
    read: (reader) => {
      const base = reader.pos;
      const names: string[] = [];
      while (reader.more()) {
        const { name } = readName(reader, compressed ? base : undefined);
        if (reader.failed) {
          // What was read before the damage is kept.
          reader.failed = names.length === 0;
          reader.pos = reader.end;
          break;
        }
        names.push(name);
      }
      return names;
    },
    write: (writer, names) => {
      if (!Array.isArray(names) || names.length === 0) refuse('A list of at least one domain name is expected.');
      const base = writer.size;
      const seen = compressed ? new Map<string, number>() : undefined;
      for (const name of names) writeName(writer, name, seen ? { seen, base } : {});
    },
  };
}

/** Names to the end, compressed within the option (RFC 3397). */
export const searchList = domainListOf('compressed domain name[]', true);
/** Names to the end, never compressed. */
export const domainList = domainListOf('domain name[]', false);
