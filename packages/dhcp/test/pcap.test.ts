import { discover, encode, parseHex } from '@pxekit/dhcp';
import { type Datagram, datagrams, isCapture, LinkType, readFrames, writeCapture } from '@pxekit/dhcp/pcap';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const client = { address: '0.0.0.0', port: 68 };
const everyone = { address: '255.255.255.255', port: 67 };
const payload = encode(discover({ xid: 1, chaddr: '02:00:00:00:00:01' }));
const capture = writeCapture([
  { time: 1_700_000_000_123_456_789n, source: client, destination: everyone, hardware: '52:54:00:77:00:01', payload },
]);
const frame = capture.slice(24 + 16);
const ip = frame.slice(14);
const all = (file: Uint8Array): Datagram[] => [...datagrams(readFrames(file))];

/** A pcap file with one frame. */
function pcap(bytes: Uint8Array, linkType: number, { little = true, nanoseconds = false } = {}): Uint8Array {
  const out = new Uint8Array(40 + bytes.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, little);
  view.setUint32(20, linkType, little);
  view.setUint32(24, 1700000000, little);
  view.setUint32(28, 5, little);
  view.setUint32(32, bytes.length, little);
  view.setUint32(36, bytes.length, little);
  out.set(bytes, 40);
  return out;
}

function block(type: number, body: Uint8Array): Uint8Array {
  const padded = Math.ceil(body.length / 4) * 4;
  const out = new Uint8Array(12 + padded);
  const view = new DataView(out.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, out.length, true);
  view.setUint32(8 + padded, out.length, true);
  out.set(body, 8);
  return out;
}

const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const hex = (text: string) => parseHex(text)!;
const section = block(0x0a0d0d0a, hex('4d3c2b1a01000000ffffffffffffffff'));
/** Ethernet, no limit, timestamps in nanoseconds. */
const ethernet = block(1, hex('0100000000000000090001000900000000000000'));

function enhanced(bytes: Uint8Array, { type = 6, from = 0 } = {}): Uint8Array {
  const body = new Uint8Array(20 + bytes.length);
  const view = new DataView(body.buffer);
  view.setUint32(0, from, true);
  const time = 1_700_000_000_000_000_005n;
  view.setUint32(4, Number(time >> 32n), true);
  view.setUint32(8, Number(time & 0xffffffffn), true);
  view.setUint32(12, bytes.length, true);
  view.setUint32(16, bytes.length, true);
  body.set(bytes, 20);
  return block(type, body);
}

test('what is written is read: addresses, ports, time, sender, payload', () => {
  expect(all(capture)).toEqual([
    {
      protocol: 'dhcp',
      frame: 1,
      time: 1_700_000_000_123_456_789n,
      source: client,
      destination: everyone,
      hardware: '52:54:00:77:00:01',
      vlans: [],
      payload,
    },
  ]);
});

describe('link types', () => {
  const ethernetHead = frame.slice(0, 12);
  test.each([
    ['Ethernet', LinkType.ETHERNET, frame, []],
    ['Ethernet with a VLAN', LinkType.ETHERNET, join(ethernetHead, hex('8100006408 00'), ip), [100]],
    ['Ethernet with two VLANs', LinkType.ETHERNET, join(ethernetHead, hex('88a80007810000080800'), ip), [7, 8]],
    ['Linux cooked', LinkType.LINUX_SLL, join(hex('0000000100065254007700010000 0800'), ip), []],
    ['Linux cooked, version 2', LinkType.LINUX_SLL2, join(hex('0800000000000001000100065254007700010000'), ip), []],
    ['raw IP', LinkType.RAW, ip, []],
    ['raw IPv4', LinkType.IPV4, ip, []],
    ['loopback of the BSDs, little-endian', LinkType.NULL, join(hex('02000000'), ip), []],
    ['loopback of the BSDs, big-endian', LinkType.LOOP, join(hex('00000002'), ip), []],
  ])('%s', (_name, linkType, bytes, vlans) => {
    expect(all(pcap(bytes, linkType))).toMatchObject([{ source: client, destination: everyone, vlans, payload }]);
  });

  test('what carries no IPv4 is passed over', () => {
    expect(all(pcap(join(frame.slice(0, 12), hex('86dd'), ip), LinkType.ETHERNET))).toEqual([]);
    expect(all(pcap(ip, 147))).toEqual([]);
    expect(all(pcap(new Uint8Array(3), LinkType.LINUX_SLL2))).toEqual([]);
  });
});

describe('files', () => {
  test.each([
    ['little-endian microseconds', { little: true }, 1_700_000_000_000_005_000n],
    ['big-endian microseconds', { little: false }, 1_700_000_000_000_005_000n],
    ['big-endian nanoseconds', { little: false, nanoseconds: true }, 1_700_000_000_000_000_005n],
  ])('pcap, %s', (_name, form, time) => {
    expect(all(pcap(frame, LinkType.ETHERNET, form))).toMatchObject([{ time, payload }]);
  });

  test('pcapng with blocks that are passed over, and several kinds of packet blocks', () => {
    const simple = block(3, join(hex('00000000'), frame));
    new DataView(simple.buffer).setUint32(8, frame.length, true);
    const file = join(
      section,
      ethernet,
      block(5, new Uint8Array(8)),
      enhanced(frame),
      enhanced(frame, { type: 2 }),
      simple,
      enhanced(frame, { from: 7 }),
    );
    expect(all(file).map(({ frame: number, time }) => [number, time])).toEqual([
      [1, 1_700_000_000_000_000_005n],
      [2, 1_700_000_000_000_000_005n],
      [3, 0n],
    ]);
  });

  test('a file that ends within a frame gives the frames before, then says so', () => {
    const classic = pcap(frame, LinkType.ETHERNET);
    const next = join(section, ethernet, enhanced(frame));
    for (const [whole, cut] of [
      [classic, capture.slice(24, 100)],
      [classic, capture.slice(24, 30)],
      [next, enhanced(frame).slice(0, 50)],
      [next, enhanced(frame).slice(0, 6)],
    ] as const) {
      const frames = readFrames(join(whole, cut));
      expect(frames.next().value).toMatchObject({ number: 1 });
      expect(() => frames.next()).toThrow(
        expect.objectContaining({ code: 'DHCP_PCAP', message: 'The file ends within frame 2.', offset: whole.length }),
      );
    }
  });

  test('what is no capture is refused', () => {
    expect(isCapture(capture)).toBe(true);
    expect(isCapture(payload)).toBe(false);
    expect(() => all(payload)).toThrow(expect.objectContaining({ code: 'DHCP_PCAP' }));
    expect(() => all(join(section, hex('010000000400000004000000')))).toThrow(expect.objectContaining({ code: 'DHCP_PCAP', offset: 32 }));
  });
});

test('a TFTP transfer is followed from its request to the ports it goes on with', () => {
  const at = (address: string, port: number) => ({ address, port });
  const data = new Uint8Array(4);
  const file = writeCapture([
    { source: at('10.0.0.5', 2000), destination: at('10.0.0.1', 53), payload: data },
    { source: at('10.0.0.5', 2001), destination: at('10.0.0.1', 69), payload: data },
    { source: at('10.0.0.1', 4000), destination: at('10.0.0.5', 2001), payload: data },
    { source: at('10.0.0.5', 2001), destination: at('10.0.0.1', 4000), payload: data },
    { source: at('10.0.0.5', 68), destination: at('10.0.0.1', 4011), payload: data },
  ]);
  expect(all(file).map(({ protocol, frame: number }) => [protocol, number])).toEqual([
    ['tftp', 2],
    ['tftp', 3],
    ['tftp', 4],
    ['dhcp', 5],
  ]);
});

test('fragments and cut frames are marked', () => {
  const first = ip.slice();
  first[6] = 0x20;
  expect(all(pcap(first, LinkType.RAW))).toMatchObject([{ truncated: 'fragment' }]);
  const later = ip.slice();
  later[7] = 20;
  expect(all(pcap(later, LinkType.RAW))).toEqual([]);
  const cut = all(pcap(ip.slice(0, 100), LinkType.RAW));
  expect(cut).toMatchObject([{ truncated: 'capture' }]);
  expect(cut[0]!.payload.length).toBe(72);
});

test('a frame that is padded behind its datagram gives the datagram', () => {
  expect(all(pcap(join(frame, new Uint8Array(9)), LinkType.ETHERNET))[0]!.payload).toEqual(payload);
});

test('the checksums of what is written come out as zero', () => {
  const sum = (bytes: Uint8Array, start = 0) => {
    let total = start;
    for (let i = 0; i < bytes.length; i += 2) total += bytes[i]! * 256 + (bytes[i + 1] ?? 0);
    while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
    return total;
  };
  expect(sum(ip.slice(0, 20))).toBe(0xffff);
  expect(sum(ip.slice(12), 17 + ip.length - 20)).toBe(0xffff);
});

test('any file gives frames within it, or the documented error', () => {
  const start = fc.constantFrom(section, pcap(new Uint8Array(0), 1).slice(0, 24), join(section, ethernet), capture);
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 300 }), fc.nat(), fc.integer({ min: 0, max: 255 }), (head, tail, at, octet) => {
      const file = join(head, tail);
      file[at % file.length] = octet;
      try {
        for (const found of all(file)) expect(found.payload.length).toBeLessThanOrEqual(file.length);
      } catch (error) {
        expect((error as { code: string }).code).toBe('DHCP_PCAP');
      }
    }),
  );
});
