const CR = 13;
const LF = 10;
const NUL = 0;

/**
 * Text of this machine to netascii: LF becomes CR LF, CR becomes CR NUL (RFC 1350 section 1 with RFC 764). CR LF becomes
 * CR NUL CR LF: bytes, not lines, survive.
 */
export function encodeNetascii(bytes: Uint8Array): Uint8Array {
  let extra = 0;
  for (const byte of bytes) if (byte === LF || byte === CR) extra += 1;
  if (extra === 0) return bytes;
  const out = new Uint8Array(bytes.length + extra);
  let at = 0;
  for (const byte of bytes) {
    if (byte === LF) out[at++] = CR;
    out[at++] = byte;
    if (byte === CR) out[at++] = NUL;
  }
  return out;
}

/** Netascii to bytes, in pieces: a CR at the end of a piece waits for the next. */
export class NetasciiDecoder {
  #carriage = false;

  decode(bytes: Uint8Array): Uint8Array {
    const out = new Uint8Array(bytes.length + 1);
    let at = 0;
    for (const byte of bytes) {
      if (this.#carriage) {
        this.#carriage = false;
        if (byte === LF) {
          out[at++] = LF;
          continue;
        }
        out[at++] = CR;
        if (byte === NUL) continue;
      }
      if (byte === CR) this.#carriage = true;
      else out[at++] = byte;
    }
    return out.subarray(0, at);
  }

  /** What is left at the end of the text. */
  end(): Uint8Array {
    const rest = this.#carriage ? Uint8Array.of(CR) : new Uint8Array(0);
    this.#carriage = false;
    return rest;
  }
}
