import { type Rollover, wireNumber } from '../block-number.js';
import { HEADER_LENGTH, OPCODES } from '../packet.js';

/** Ready DATA packets, one behind another. One object is filled again and again: nothing is allocated per window. */
export interface Run {
  data: Uint8Array;
  offset: number;
  packets: number;
}

/** Where the DATA packets of one transfer come from. */
export interface PacketSource {
  /** Bytes of the body as it goes over the wire; `undefined` when not known beforehand. */
  readonly size: number | undefined;
  /** The number of the last block; Infinity until it is known. */
  readonly last: number;
  /**
   * Fills `run` with packets from `block` on that are ready now. False: not yet, `onReady` will be called.
   * Every packet has `HEADER_LENGTH + blockSize` bytes, but for the last block of the body.
   */
  locate(block: number, run: Run): boolean;
  /** The blocks below are acknowledged and never asked for again. */
  release(below: number): void;
  onReady: () => void;
  onError: (error: unknown) => void;
  /** Payload bytes of the blocks up to and with this one. */
  bytesUpTo(block: number): number;
  close(): void;
}

export function emptyRun(): Run {
  return { data: new Uint8Array(0), offset: 0, packets: 0 };
}

/** Writes the 4 bytes before the payload. */
export function writeHeader(data: Uint8Array, at: number, block: number, rollover: Rollover): void {
  const wire = wireNumber(block, rollover);
  data[at] = 0;
  data[at + 1] = OPCODES.data;
  data[at + 2] = wire >> 8;
  data[at + 3] = wire & 0xff;
}

/**
 * Spreads `length` payload bytes that stand at the end of `data` into packets from its start, in place: each moves to the
 * left, so none is overwritten before it was moved.
 */
export function spread(data: Uint8Array, length: number, first: number, packets: number, blockSize: number, rollover: Rollover): void {
  const from = data.length - length;
  for (let index = 0; index < packets; index += 1) {
    const at = index * (blockSize + HEADER_LENGTH);
    const start = from + index * blockSize;
    data.copyWithin(at + HEADER_LENGTH, start, Math.min(start + blockSize, data.length));
    writeHeader(data, at, first + index, rollover);
  }
}
