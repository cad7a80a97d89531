const SIZE = 32_768;

/**
 * Hands out small pieces of larger pieces of memory: an `ArrayBuffer` for every datagram costs more than all else that is
 * done to receive it.
 */
export class Slab {
  #buffer = new ArrayBuffer(SIZE);
  #used = 0;

  /** A copy of `length` octets from `start`. */
  copy(bytes: Uint8Array, start: number, length: number): Uint8Array {
    if (length > SIZE) return bytes.slice(start, start + length);
    if (this.#used + length > SIZE) {
      this.#buffer = new ArrayBuffer(SIZE);
      this.#used = 0;
    }
    const piece = new Uint8Array(this.#buffer, this.#used, length);
    piece.set(bytes.subarray(start, start + length));
    this.#used += length;
    return piece;
  }
}
