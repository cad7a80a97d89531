import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PACKET_INFO_SPACE, packetInfo, readPacketInfo } from '../src/packet-info.js';

function memory(...words: number[]) {
  const buffer = new ArrayBuffer(160);
  const memory = { bytes: new Uint8Array(buffer), words: new Uint32Array(buffer) };
  memory.words.set(words);
  return memory;
}

/** Another control message: SO_TIMESTAMP, 16 bytes of time. */
const TIMESTAMP = [32, 0, 1, 29, 1, 2, 3, 4];
const ipv4 = fc.record({ address: fc.ipV4().filter((address) => address !== '0.0.0.0'), family: fc.constant('IPv4' as const) });
const ipv6 = fc.record({
  address: fc.ipV6().filter((address) => !/^f[ef]/i.test(address)),
  family: fc.constant('IPv6' as const),
});

describe('packet info', () => {
  it('is laid out as the kernel has it', () => {
    // Length 28 in 8 bytes, level 0, type 8; interface, address to answer from, address in the packet.
    expect([...packetInfo({ address: '10.1.2.3', family: 'IPv4' })]).toEqual([28, 0, 0, 8, 0, 0x0302010a, 0, 0]);
    // Length 36 in 8 bytes, level 41, type 50; address, interface.
    expect([...packetInfo({ address: 'fe80::1%7', family: 'IPv6' })]).toEqual([36, 0, 41, 50, 0x80fe, 0, 0, 0x01000000, 7, 0]);
  });

  it('is read back as it was written, wherever it stands and whatever stands before it', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), fc.constantFrom(0, 8, 64), fc.boolean(), (local, at, isBehind) => {
        const place = memory();
        const before = isBehind ? TIMESTAMP : [];
        const info = packetInfo(local);
        place.words.set([...before, ...info], at / 4);
        expect(info.byteLength).toBeLessThanOrEqual(PACKET_INFO_SPACE);
        const read = readPacketInfo(place, at, 4 * before.length + info.byteLength)!;
        expect([...packetInfo({ ...local, address: read })]).toEqual([...info]);
        const host = local.family === 'IPv6' ? new URL(`http://[${local.address}]/`).hostname.slice(1, -1) : local.address;
        expect(read).toBe(host);
      }),
    );
  });

  it('names the link of a link-local address only', () => {
    const linkLocal = memory(36, 0, 41, 50, 0x80fe, 0, 0, 0x01000000, 4_000_000, 0);
    expect(readPacketInfo(linkLocal, 0, 40)).toBe('fe80::1%4000000');
    const global = memory(36, 0, 41, 50, 0x00fd, 0, 0, 0x01000000, 4_000_000, 0);
    expect(readPacketInfo(global, 0, 40)).toBe('fd00::1');
  });

  it('of a broadcast is the address to answer from, of an IPv6 multicast there is none', () => {
    const broadcast = memory(28, 0, 0, 8, 2, 0x0100000a, 0xff00000a, 0);
    expect(readPacketInfo(broadcast, 0, 32)).toBe('10.0.0.1');
    const multicast = memory(36, 0, 41, 50, 0x02ff, 0, 0, 0x01000000, 2, 0);
    expect(readPacketInfo(multicast, 0, 40)).toBeUndefined();
  });

  it('is missed without harm where it is not whole, or the messages make no sense', () => {
    const whole = memory(...packetInfo({ address: '10.1.2.3', family: 'IPv4' }));
    for (let length = 0; length < 28; length += 1) expect(readPacketInfo(whole, 0, length)).toBeUndefined();
    // The kernel does not know where it should leave from.
    expect(readPacketInfo(memory(28, 0, 0, 8, 2, 0, 0, 0), 0, 32)).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 128, maxLength: 128 }), fc.nat(128), (bytes, length) => {
        const place = memory();
        place.bytes.set(bytes);
        const read = readPacketInfo(place, 0, length);
        expect(['undefined', 'string']).toContain(typeof read);
      }),
    );
  });
});
