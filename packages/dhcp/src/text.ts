const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** Text from `start` up to `end`. ASCII, the rule on the wire, is read without a decoder; the rest is UTF-8. */
export function readText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > 256) return decoder.decode(bytes.subarray(start, end));
  let text = '';
  for (let i = start; i < end; i++) {
    const octet = bytes[i]!;
    if (octet > 127) return decoder.decode(bytes.subarray(start, end));
    text += String.fromCharCode(octet);
  }
  return text;
}

/** Text from `start` up to the first NUL, or `end`. */
export function readTextToNul(bytes: Uint8Array, start: number, end: number): string {
  let stop = start;
  while (stop < end && bytes[stop] !== 0) stop++;
  return stop === start ? '' : readText(bytes, start, stop);
}

export function textBytes(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Writes text from `start` and gives its size; -1 when it holds a NUL or leaves no octet before `end`. */
export function writeText(out: Uint8Array, start: number, end: number, text: string): number {
  const size = text.length;
  if (size >= end - start) return -1;
  for (let i = 0; i < size; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0) return -1;
    if (unit > 127) return writeUtf8(out, start, end, text);
    out[start + i] = unit;
  }
  return size;
}

function writeUtf8(out: Uint8Array, start: number, end: number, text: string): number {
  const octets = encoder.encode(text);
  if (text.includes('\0') || octets.length >= end - start) return -1;
  out.set(octets, start);
  return octets.length;
}
