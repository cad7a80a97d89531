import {
  decodePacket,
  encodeAck,
  encodeData,
  encodeError,
  encodeOack,
  encodeRequest,
  MAX_BLOCK_SIZE,
  summarize,
} from '@pxekit/tftp/packet';
import { describe, expect, it } from 'vitest';

describe('packets', () => {
  it('have the bytes of RFC 1350 and 2347', () => {
    const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
    expect(latin1(encodeRequest('rrq', 'a', 'octet', [['blksize', '1024']]))).toBe('\0\x01a\0octet\0blksize\x001024\0');
    expect(latin1(encodeRequest('wrq', 'a', 'netascii'))).toBe('\0\x02a\0netascii\0');
    expect(latin1(encodeData(258, Buffer.from('xy')))).toBe('\0\x03\x01\x02xy');
    expect(latin1(encodeAck(65535))).toBe('\0\x04\xff\xff');
    expect(latin1(encodeError(1, 'no'))).toBe('\0\x05\0\x01no\0');
    expect(latin1(encodeOack([['tsize', '5']]))).toBe('\0\x06tsize\x005\0');
  });

  it('are refused when they would be wrong on the wire', () => {
    const wrong = [
      () => encodeRequest('rrq', ''),
      () => encodeRequest('rrq', 'a\0b'),
      () => encodeRequest('rrq', 'x'.repeat(3000)),
      () =>
        encodeRequest('rrq', 'a', 'octet', [
          ['blksize', '1'],
          ['BLKSIZE', '2'],
        ]),
      () => encodeData(65536, new Uint8Array(0)),
      () => encodeData(1, new Uint8Array(MAX_BLOCK_SIZE + 1)),
      () => encodeAck(-1),
      () => encodeAck(1.5),
      () => encodeOack([]),
      () => encodeOack([['', '1']]),
    ];
    for (const make of wrong) expect(make).toThrow(expect.objectContaining({ code: 'TFTP_BAD_PACKET' }));
  });

  it('are shown on one line, whatever stands in them', () => {
    const lines = [encodeRequest('rrq', 'a\nb', 'octet', [['x', 'y\x1b']]), encodeError(0, 'é\n'), new Uint8Array(1), Uint8Array.of(0, 77)];
    for (const bytes of lines) expect(summarize(decodePacket(bytes))).toMatch(/^[\x20-\x7e]+$/);
  });
});
