import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSockaddr, SOCKADDR_LENGTH, writeSockaddr } from '../src/sockaddr.js';

test('an address reads back as it was written, over whatever stood there', () => {
  const peer = fc.record({ address: fc.ipV4(), port: fc.integer({ min: 0, max: 65_535 }) });
  fc.assert(
    fc.property(peer, fc.uint8Array({ minLength: SOCKADDR_LENGTH + 4, maxLength: SOCKADDR_LENGTH + 4 }), (written, bytes) => {
      const behind = bytes.slice(SOCKADDR_LENGTH + 2);
      writeSockaddr(bytes, 2, written);
      expect(readSockaddr(bytes, 2)).toEqual(written);
      expect(bytes.slice(SOCKADDR_LENGTH + 2)).toEqual(behind);
    }),
  );
});
