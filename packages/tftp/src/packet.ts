/**
 * TFTP packets: bytes to values and back. No input or output happens here, and nothing depends on Node.
 *
 * Sources: RFC 1350 section 5, RFC 2347 (options, OACK), RFC 2348, 2349, 7440.
 */

export const OPCODES = { rrq: 1, wrq: 2, data: 3, ack: 4, error: 5, oack: 6 } as const;

/** Numbers of the ERROR packet (RFC 1350 section 5; 8 from RFC 2347). */
export const ERROR_CODES = {
  undefined: 0,
  notFound: 1,
  accessViolation: 2,
  diskFull: 3,
  illegalOperation: 4,
  unknownTid: 5,
  fileExists: 6,
  noSuchUser: 7,
  optionRefused: 8,
} as const;

/** The port of RFC 1350. */
export const TFTP_PORT = 69;
export const DEFAULT_BLOCK_SIZE = 512;
/** RFC 2348: "valid values range between 8 and 65464 octets". */
export const MIN_BLOCK_SIZE = 8;
export const MAX_BLOCK_SIZE = 65464;
/** RFC 7440 section 3. */
export const MAX_WINDOW_SIZE = 65535;
/** The longest request read: RFC 2347 says 512, HP PA-RISC ROMs send 516, long names with options more. */
export const MAX_REQUEST_LENGTH = 2048;
/** The bytes before the payload of a DATA packet. */
export const HEADER_LENGTH = 4;

/** An option as it stands on the wire. */
export type Option = readonly [name: string, value: string];

export interface RequestPacket {
  readonly type: 'rrq' | 'wrq';
  /** UTF-8, or Latin-1 where the bytes are not UTF-8. */
  readonly filename: string;
  readonly filenameBytes: Uint8Array;
  /** In lower case. */
  readonly mode: string;
  /** In order, duplicates included, names as they were spelled. */
  readonly options: readonly Option[];
}

export interface DataPacket {
  readonly type: 'data';
  readonly block: number;
  /** A view into the datagram. */
  readonly data: Uint8Array;
}

export interface AckPacket {
  readonly type: 'ack';
  readonly block: number;
}

export interface ErrorPacket {
  readonly type: 'error';
  readonly code: number;
  readonly message: string;
}

export interface OackPacket {
  readonly type: 'oack';
  readonly options: readonly Option[];
}

/** What cannot be read, and why. */
export interface MalformedPacket {
  readonly type: 'malformed';
  /** The opcode, or -1 where there is none. */
  readonly opcode: number;
  readonly reason: string;
}

export type Packet = RequestPacket | DataPacket | AckPacket | ErrorPacket | OackPacket;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

function latin1(bytes: Uint8Array): string {
  let text = '';
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) text += String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!);
  for (; at < bytes.length; at += 1) text += String.fromCharCode(bytes[at]!);
  return text;
}

function isAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte > 0x7f) return false;
  return true;
}

function text(bytes: Uint8Array): string {
  // Most names are short and ASCII: that costs a tenth of a call into the decoder.
  if (isAscii(bytes)) return latin1(bytes);
  try {
    return utf8.decode(bytes);
  } catch {
    return latin1(bytes);
  }
}

/** Reads any datagram. Never throws: what cannot be read comes back as `malformed`. */
export function decodePacket(bytes: Uint8Array): Packet | MalformedPacket {
  if (bytes.length < 2) return { type: 'malformed', opcode: -1, reason: `${bytes.length} bytes, expected at least 2` };
  const opcode = (bytes[0]! << 8) | bytes[1]!;
  switch (opcode) {
    case OPCODES.rrq:
    case OPCODES.wrq:
      return decodeRequest(bytes, opcode);
    case OPCODES.data:
      if (bytes.length < 4) return truncated(opcode, bytes);
      return { type: 'data', block: (bytes[2]! << 8) | bytes[3]!, data: bytes.subarray(4) };
    case OPCODES.ack:
      if (bytes.length < 4) return truncated(opcode, bytes);
      return { type: 'ack', block: (bytes[2]! << 8) | bytes[3]! };
    case OPCODES.error: {
      if (bytes.length < 4) return truncated(opcode, bytes);
      const end = bytes.indexOf(0, 4);
      return { type: 'error', code: (bytes[2]! << 8) | bytes[3]!, message: text(bytes.subarray(4, end === -1 ? bytes.length : end)) };
    }
    case OPCODES.oack:
      return { type: 'oack', options: decodeOptions(bytes, 2) };
    default:
      return { type: 'malformed', opcode, reason: `opcode ${opcode}, expected 1 to 6` };
  }
}

function truncated(opcode: number, bytes: Uint8Array): MalformedPacket {
  return { type: 'malformed', opcode, reason: `${bytes.length} bytes, expected at least 4` };
}

function decodeRequest(bytes: Uint8Array, opcode: 1 | 2): RequestPacket | MalformedPacket {
  if (bytes.length > MAX_REQUEST_LENGTH) return { type: 'malformed', opcode, reason: `request of ${bytes.length} bytes` };
  const nameEnd = bytes.indexOf(0, 2);
  if (nameEnd === -1) return { type: 'malformed', opcode, reason: 'file name is not terminated' };
  const modeEnd = bytes.indexOf(0, nameEnd + 1);
  if (modeEnd === -1) return { type: 'malformed', opcode, reason: 'mode is not terminated' };
  const filenameBytes = bytes.slice(2, nameEnd);
  return {
    type: opcode === OPCODES.rrq ? 'rrq' : 'wrq',
    filename: text(filenameBytes),
    filenameBytes,
    mode: latin1(bytes.subarray(nameEnd + 1, modeEnd)).toLowerCase(),
    options: decodeOptions(bytes, modeEnd + 1),
  };
}

/** Name and value pairs up to an empty name (padding) or a string that does not end. An empty value is legal (RFC 2090). */
function decodeOptions(bytes: Uint8Array, start: number): Option[] {
  const options: Option[] = [];
  let at = start;
  while (at < bytes.length) {
    const nameEnd = bytes.indexOf(0, at);
    if (nameEnd === -1 || nameEnd === at) break;
    const valueEnd = bytes.indexOf(0, nameEnd + 1);
    if (valueEnd === -1) break;
    options.push([latin1(bytes.subarray(at, nameEnd)), latin1(bytes.subarray(nameEnd + 1, valueEnd))]);
    at = valueEnd + 1;
  }
  return options;
}

/** Thrown by the encoders for what would be wrong on the wire. */
function refuse(message: string): never {
  throw Object.assign(new Error(message), { code: 'TFTP_BAD_PACKET' as const });
}

/** As UTF-8. Short ASCII strings are written here: a call into the encoder costs more. */
function utf8Bytes(value: string): Uint8Array {
  if (value.length > 64) return encoder.encode(value);
  const bytes = new Uint8Array(value.length);
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    if (code > 0x7f) return encoder.encode(value);
    bytes[at] = code;
  }
  return bytes;
}

function string(value: string | Uint8Array, what: string): Uint8Array {
  const bytes = typeof value === 'string' ? utf8Bytes(value) : value;
  if (bytes.includes(0)) refuse(`${what} holds a NUL`);
  return bytes;
}

function pack(opcode: number, strings: readonly Uint8Array[]): Uint8Array {
  let length = 2;
  for (const bytes of strings) length += bytes.length + 1;
  const packet = new Uint8Array(length);
  packet[1] = opcode;
  let at = 2;
  for (const bytes of strings) {
    packet.set(bytes, at);
    at += bytes.length + 1;
  }
  return packet;
}

function optionStrings(options: readonly Option[]): Uint8Array[] {
  const names: string[] = [];
  const strings: Uint8Array[] = [];
  for (const [name, value] of options) {
    const key = name.toLowerCase();
    if (name === '') refuse('option without a name');
    if (names.includes(key)) refuse(`option ${name} stands twice`);
    names.push(key);
    strings.push(string(name, 'option name'), string(value, 'option value'));
  }
  return strings;
}

/** @throws with code `TFTP_BAD_PACKET` when a string holds a NUL, the name is empty, or an option stands twice. */
export function encodeRequest(
  type: 'rrq' | 'wrq',
  filename: string | Uint8Array,
  mode: 'octet' | 'netascii' = 'octet',
  options: readonly Option[] = [],
): Uint8Array {
  const name = string(filename, 'file name');
  if (name.length === 0) refuse('file name is empty');
  const packet = pack(OPCODES[type], [name, encoder.encode(mode), ...optionStrings(options)]);
  if (packet.length > MAX_REQUEST_LENGTH) refuse(`request of ${packet.length} bytes, expected at most ${MAX_REQUEST_LENGTH}`);
  return packet;
}

function uint16(value: number, what: string): number {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff) refuse(`${what} ${value}, expected 0 to 65535`);
  return value;
}

/** @throws with code `TFTP_BAD_PACKET` when the block number or the payload is too large. */
export function encodeData(block: number, data: Uint8Array): Uint8Array {
  uint16(block, 'block');
  if (data.length > MAX_BLOCK_SIZE) refuse(`${data.length} bytes of data, expected at most ${MAX_BLOCK_SIZE}`);
  const packet = new Uint8Array(HEADER_LENGTH + data.length);
  packet[1] = OPCODES.data;
  packet[2] = block >> 8;
  packet[3] = block & 0xff;
  packet.set(data, HEADER_LENGTH);
  return packet;
}

export function encodeAck(block: number): Uint8Array {
  uint16(block, 'block');
  return Uint8Array.of(0, OPCODES.ack, block >> 8, block & 0xff);
}

/** The message is cut to 128 printable ASCII characters: boot ROMs print it as it is. */
export function encodeError(code: number, message: string): Uint8Array {
  uint16(code, 'error code');
  const clean = message.replace(/[^\x20-\x7e]/g, '?').slice(0, 128);
  const packet = new Uint8Array(HEADER_LENGTH + clean.length + 1);
  packet[1] = OPCODES.error;
  packet[2] = code >> 8;
  packet[3] = code & 0xff;
  packet.set(encoder.encode(clean), HEADER_LENGTH);
  return packet;
}

/** @throws with code `TFTP_BAD_PACKET` when there is no option, or one stands twice: an empty OACK is no answer. */
export function encodeOack(options: readonly Option[]): Uint8Array {
  if (options.length === 0) refuse('OACK without options');
  return pack(OPCODES.oack, optionStrings(options));
}

/** One line for logs and traces. */
export function summarize(packet: Packet | MalformedPacket): string {
  switch (packet.type) {
    case 'rrq':
    case 'wrq':
      return [packet.type.toUpperCase(), quote(packet.filename), printable(packet.mode), ...packet.options.map(showOption)].join(' ');
    case 'data':
      return `DATA ${packet.block} (${packet.data.length} bytes)`;
    case 'ack':
      return `ACK ${packet.block}`;
    case 'error':
      return `ERROR ${packet.code} ${quote(packet.message)}`;
    case 'oack':
      return ['OACK', ...packet.options.map(showOption)].join(' ');
    case 'malformed':
      return `MALFORMED (${packet.reason})`;
  }
}

function showOption([name, value]: Option): string {
  return `${printable(name)}=${printable(value)}`;
}

/** In quotation marks and on one line: names and messages come from strangers. */
function quote(value: string): string {
  return JSON.stringify(value).replace(/\p{C}|[\u2028\u2029]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

function printable(value: string): string {
  return /^[\x21-\x7e]*$/.test(value) ? value : quote(value);
}
