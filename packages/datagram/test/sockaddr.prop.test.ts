import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Endpoint, isSockaddrOf, readSockaddr, writeSockaddr } from '../src/sockaddr.js';

function memory() {
  const buffer = new ArrayBuffer(64);
  return { bytes: new Uint8Array(buffer), words: new Uint32Array(buffer) };
}

const port = fc.integer({ min: 0, max: 65535 });
const ipv4 = fc.record({ address: fc.ipV4(), port, family: fc.constant('IPv4' as const) });
const ipv6 = fc.record({ address: fc.ipV6(), port, family: fc.constant('IPv6' as const) });
const plain = ({ address, port, family }: Endpoint) => ({ address, port, family });

describe('socket addresses', () => {
  it('are read back as they were written, wherever they stand', () => {
    fc.assert(
      fc.property(ipv4, fc.constantFrom(0, 4, 32), (endpoint, at) => {
        const place = memory();
        place.bytes.fill(0xaa);
        expect(writeSockaddr(place, at, endpoint)).toBe(16);
        const read = readSockaddr(place, at);
        expect(plain(read)).toEqual(endpoint);
        expect(isSockaddrOf(place, at, read)).toBe(true);
        const again = memory();
        writeSockaddr(again, 0, read);
        expect([...again.bytes.subarray(0, 16)]).toEqual([...place.bytes.subarray(at, at + 16)]);
      }),
    );
  });

  it('of IPv6 mean the same in any spelling', () => {
    fc.assert(
      fc.property(ipv6, (endpoint) => {
        const [place, again] = [memory(), memory()];
        expect(writeSockaddr(place, 0, endpoint)).toBe(28);
        const read = readSockaddr(place, 0);
        writeSockaddr(again, 0, read);
        expect([...again.bytes]).toEqual([...place.bytes]);
        expect(read.address).toBe(new URL(`http://[${endpoint.address}]/`).hostname.slice(1, -1));
      }),
    );
  });

  it('keep the zone of a link', () => {
    const place = memory();
    writeSockaddr(place, 0, { address: 'fe80::1%4000000', port: 69, family: 'IPv6' });
    expect(place.words[6]).toBe(4_000_000);
    expect(readSockaddr(place, 0).address).toBe('fe80::1%4000000');
    writeSockaddr(place, 0, { address: 'fe80::1', port: 69, family: 'IPv6' });
    expect(place.words[6]).toBe(0);
    expect(readSockaddr(place, 0).address).toBe('fe80::1');
  });

  it('of one peer are not taken for those of another', () => {
    fc.assert(
      fc.property(ipv4, ipv4, (one, other) => {
        const [a, b] = [memory(), memory()];
        writeSockaddr(a, 0, one);
        writeSockaddr(b, 0, other);
        const same = one.address === other.address && one.port === other.port;
        expect(isSockaddrOf(a, 0, readSockaddr(b, 0))).toBe(same);
      }),
    );
  });
});
