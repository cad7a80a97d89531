import { DhcpError } from './issue.js';

const DECIMAL = Array.from({ length: 256 }, (_, octet) => String(octet));
const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

/** Four octets as a dotted string. */
export function formatIpv4(bytes: Uint8Array, offset: number): string {
  const a = bytes[offset]!;
  const b = bytes[offset + 1]!;
  const c = bytes[offset + 2]!;
  const d = bytes[offset + 3]!;
  if ((a | b | c | d) === 0) return '0.0.0.0';
  return `${DECIMAL[a]}.${DECIMAL[b]}.${DECIMAL[c]}.${DECIMAL[d]}`;
}

/** A dotted string as an unsigned 32-bit number; undefined when it is none. */
export function parseIpv4(text: string): number | undefined {
  if (text === '0.0.0.0') return 0;
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) {
      if (octet === 0) return undefined;
      octet = octet < 0 ? digit : octet * 10 + digit;
      if (octet > 255) return undefined;
    } else if (digit === -2 && octet >= 0 && dots < 3) {
      value = value * 256 + octet;
      octet = -1;
      dots++;
    } else return undefined;
  }
  return octet >= 0 && dots === 3 ? value * 256 + octet : undefined;
}

/** An unsigned 32-bit number as a dotted string. */
export function ipv4FromNumber(value: number): string {
  return `${DECIMAL[value >>> 24]}.${DECIMAL[(value >>> 16) & 255]}.${DECIMAL[(value >>> 8) & 255]}.${DECIMAL[value & 255]}`;
}

/** Octets as lower-case hex, with a separator between octets when one is named. */
export function formatHex(bytes: Uint8Array, separator = '', start = 0, end = bytes.length): string {
  let text = '';
  for (let i = start; i < end; i++) text += i === start ? HEX[bytes[i]!] : separator + HEX[bytes[i]!];
  return text;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** `:`, `-`, `.` or a blank. */
function isSeparator(code: number): boolean {
  return code === 58 || code === 45 || code === 46 || code === 32 || code === 9 || code === 10 || code === 13;
}

/** Hex digits, octets optionally parted by `:`, `-`, `.` or blanks, as bytes; undefined when the text is no hex. */
export function parseHex(text: string): Uint8Array | undefined {
  const out = new Uint8Array(text.length >>> 1);
  const size = writeHex(text, out, 0, out.length);
  return size < 0 ? undefined : out.subarray(0, size);
}

/** Writes such text from `start` and gives the number of octets; -1 when the text is no hex or does not end before `end`. */
export function writeHex(text: string, out: Uint8Array, start: number, end: number): number {
  let at = start;
  for (let i = 0; i < text.length; ) {
    const high = hexDigit(text.charCodeAt(i));
    if (high < 0) {
      if (!isSeparator(text.charCodeAt(i))) return -1;
      i++;
      continue;
    }
    const low = i + 1 < text.length ? hexDigit(text.charCodeAt(i + 1)) : -1;
    if (low < 0 || at === end) return -1;
    out[at++] = high * 16 + low;
    i += 2;
  }
  return at - start;
}

/** A hardware address as written by people (`52:54:00:77:00:01`, `52-54-…`, bare hex) in the form of `Message.chaddr`. */
export function normalizeMac(text: string): string {
  const bytes = parseHex(text);
  if (!bytes) throw new DhcpError('DHCP_ENCODE_FIELD', `"${text}" is no hardware address.`);
  return formatHex(bytes, ':');
}

/** Sixteen octets in the form of RFC 5952. */
export function formatIpv6(bytes: Uint8Array, offset: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => bytes[offset + 2 * i]! * 256 + bytes[offset + 2 * i + 1]!);
  let best = { start: -1, length: 1 };
  for (let i = 0; i < 8; i++) {
    let j = i;
    while (j < 8 && groups[j] === 0) j++;
    if (j - i > best.length) best = { start: i, length: j - i };
    if (j > i) i = j;
  }
  const text = groups.map((group) => group.toString(16));
  if (best.start < 0) return text.join(':');
  return `${text.slice(0, best.start).join(':')}::${text.slice(best.start + best.length).join(':')}`;
}

/** An IPv6 address as sixteen octets; undefined when the text is none. */
export function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const parse = (half: string): number[] | undefined => {
    if (half === '') return [];
    const groups: number[] = [];
    const parts = half.split(':');
    for (const [index, part] of parts.entries()) {
      const dotted = index === parts.length - 1 && part.includes('.') ? parseIpv4(part) : undefined;
      if (dotted !== undefined) groups.push(dotted >>> 16, dotted & 0xffff);
      else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
      else return undefined;
    }
    return groups;
  };
  const head = parse(halves[0]!);
  const tail = halves.length === 2 ? parse(halves[1]!) : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const bytes = new Uint8Array(16);
  for (const [index, group] of [...head, ...new Array<number>(missing).fill(0), ...tail].entries()) {
    bytes[2 * index] = group >>> 8;
    bytes[2 * index + 1] = group & 255;
  }
  return bytes;
}
