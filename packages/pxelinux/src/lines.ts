import { LineTable } from './line-table.js';
import type { ConfigNode } from './nodes.js';

/**
 * A configuration file as a tree that loses nothing. It is never changed in place: edits give a new document.
 *
 * `Input` is what {@link parse} was given, and what {@link serialize} gives back.
 */
export interface Document<Input extends string | Uint8Array = string | Uint8Array> {
  /** `bytes`: one character of `text` is one byte (0 to 255). `string`: `text` is the string given; loaders see its UTF-8. */
  readonly encoding: Input extends string ? 'string' : 'bytes';
  /** The whole text: that of all nodes, one after the other. Offsets count in it; it makes a `Source` with `lineSeparator: 'lf'`. */
  readonly text: string;
  /** Where the parts of each line begin and end. */
  readonly lines: LineTable;
  /** One node per line, and per TEXT block; made from `lines` when first asked for. */
  readonly nodes: readonly ConfigNode[];
}

/**
 * Reads a configuration file. Never throws; every input has a tree, and {@link serialize} gives the input back.
 *
 * Bytes are taken as they are, whatever their encoding. A string stands for its UTF-8 form.
 */
export function parse(input: Uint8Array): Document<Uint8Array>;
export function parse(input: string): Document<string>;
export function parse(input: string | Uint8Array): Document;
export function parse(input: string | Uint8Array): Document {
  const text = typeof input === 'string' ? input : latin1FromBytes(input);
  const lines = new LineTable(text);
  let nodes: readonly ConfigNode[] | undefined;
  return {
    encoding: typeof input === 'string' ? 'string' : 'bytes',
    text,
    lines,
    get nodes() {
      nodes ??= lines.nodes();
      return nodes;
    },
  };
}

/** The file a tree stands for, as bytes or as a string, whichever {@link parse} was given. */
export function serialize<Input extends string | Uint8Array>({ encoding, text }: Document<Input>): Input {
  return (encoding === 'string' ? text : latin1ToBytes(text)) as Input;
}

const ascii = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as a string of one character per byte. */
export function latin1FromBytes(bytes: Uint8Array): string {
  // The decoder is several times as fast. It gives one character per byte when all are ASCII, and fewer or an error otherwise.
  try {
    const text = ascii.decode(bytes);
    if (text.length === bytes.length) return text;
  } catch {
    // Not ASCII, and not UTF-8 either.
  }
  const parts: string[] = [];
  // The number of arguments of a call is limited.
  for (let at = 0; at < bytes.length; at += 0x2000) parts.push(String.fromCharCode.apply(null, bytes.subarray(at, at + 0x2000) as never));
  return parts.join('');
}

/** A string of characters 0 to 255 as bytes. */
export function latin1ToBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
