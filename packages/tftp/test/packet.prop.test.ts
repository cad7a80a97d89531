import { decodePacket, encodeAck, encodeData, encodeError, encodeOack, encodeRequest, type Option, summarize } from '@pxekit/tftp/packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const name = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }).filter((value) => !value.includes('\0'));
const ascii = fc.string({
  minLength: 1,
  maxLength: 20,
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
});
const options = fc.uniqueArray(fc.tuple(ascii, ascii), { maxLength: 8, selector: ([key]) => key.toLowerCase() });
const block = fc.integer({ min: 0, max: 65535 });

describe('the packet codec', () => {
  it('reads back every request it writes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('rrq' as const, 'wrq' as const),
        name,
        fc.constantFrom('octet' as const, 'netascii' as const),
        options,
        (type, filename, mode, list) => {
          const packet = decodePacket(encodeRequest(type, filename, mode, list as Option[]));
          expect(packet).toMatchObject({ type, filename, mode, options: list });
        },
      ),
    );
  });

  it('reads back DATA, ACK, ERROR and OACK', () => {
    fc.assert(
      fc.property(
        block,
        fc.uint8Array({ maxLength: 2000 }),
        ascii,
        options.filter((list) => list.length > 0),
        (number, data, message, list) => {
          expect(decodePacket(encodeData(number, data))).toEqual({ type: 'data', block: number, data });
          expect(decodePacket(encodeAck(number))).toEqual({ type: 'ack', block: number });
          expect(decodePacket(encodeError(number, message))).toEqual({ type: 'error', code: number, message });
          expect(decodePacket(encodeOack(list as Option[]))).toEqual({ type: 'oack', options: list });
        },
      ),
    );
  });

  it('never throws at any bytes, wherever they lie', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.integer({ min: 0, max: 7 }), (bytes, opcode) => {
        if (bytes.length > 1) bytes.set([0, opcode]);
        const inside = new Uint8Array(bytes.length + 20).fill(0xaa);
        inside.set(bytes, 7);
        const packet = decodePacket(inside.subarray(7, 7 + bytes.length));
        expect(packet).toEqual(decodePacket(bytes));
        expect(summarize(packet)).toMatch(/^\P{Cc}*$/u);
      }),
      { numRuns: 2000 },
    );
  });
});
