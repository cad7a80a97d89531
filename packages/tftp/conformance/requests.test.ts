// Sections A and B of the case list: reading requests, negotiating options.
import { afterEach, describe, expect, it } from 'vitest';
import { arrival, CLIENT, pattern, rig, SERVER, stopRigs } from '../test/rig.js';

afterEach(stopRigs);

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const files = { f: pattern(2000), empty: '', text: 'a\nb\n', 'größe.bin': 'umlaut', big: pattern(70_000) };
const FIRST = 'DATA 1 (512 bytes)';
const MALFORMED = 'ERROR 4 "Malformed request"';

/** The first answer to a request with these options. */
async function answer(options: Record<string, string | number>, policy: Parameters<typeof rig>[0] = {}, name = 'f') {
  const { peer } = await rig({ files, ...policy });
  return (await peer()).rrq(name, options);
}

describe('requests', () => {
  it('1: takes the file name as bytes up to the NUL', async () => {
    const { peer, records } = await rig({ files });
    const client = await peer();
    expect(await client.rrq('größe.bin')).toEqual(['DATA 1 (6 bytes)']);
    await client.ack(1);
    const other = await peer();
    expect(await other.rrq(Uint8Array.of(0xff, 0xfe, 0x41))).toEqual(['ERROR 1 "File not found"']);
    expect(records.map(({ filename }) => filename)).toEqual(['größe.bin', 'ÿþA']);
  });

  it('2: compares the mode without case', async () => {
    const { peer } = await rig({ files });
    expect(await (await peer()).rrq('f', {}, 'OcTeT')).toEqual([FIRST]);
    expect(await (await peer()).rrq('text', {}, 'NETASCII')).toEqual(['DATA 1 (6 bytes)']);
  });

  it('3: refuses the mode "mail"', async () => {
    const { peer } = await rig({ files, uploads: true });
    expect(await (await peer()).rrq('f', {}, 'mail')).toEqual(['ERROR 4 "Unknown transfer mode"']);
    expect(await (await peer()).wrq('f', {}, 'mail')).toEqual(['ERROR 4 "Unknown transfer mode"']);
  });

  it('4: refuses an unknown mode', async () => {
    const { peer, records } = await rig({ files });
    expect(await (await peer()).rrq('f', {}, 'binary')).toEqual(['ERROR 4 "Unknown transfer mode"']);
    expect(records[0]).toMatchObject({ outcome: 'refused', error: { code: 'TFTP_ILLEGAL_OPERATION' } });
  });

  it('5: knows option names in any case', async () => {
    expect(await answer({ BLKSIZE: 1024, TSize: 0 })).toEqual(['OACK blksize=1024 tsize=2000']);
  });

  it('6: answers options in the order of the request', async () => {
    expect(await answer({ tsize: 0, windowsize: 4, blksize: 600 })).toEqual(['OACK tsize=2000 windowsize=4 blksize=600']);
    expect(await answer({ blksize: 600, windowsize: 4, tsize: 0 })).toEqual(['OACK blksize=600 windowsize=4 tsize=2000']);
  });

  it('7: answers a request with unknown options only as one without options', async () => {
    expect(await answer({ magic: 1, more: 'x' })).toEqual([FIRST]);
    const { peer } = await rig({ writeHandler: () => ({ write() {}, commit() {}, abort() {} }) });
    expect(await (await peer()).wrq('u', { magic: 1 })).toEqual(['ACK 0']);
  });

  it('8: acknowledges the known options and no others', async () => {
    expect(await answer({ magic: 1, blksize: 800, other: 2 })).toEqual(['OACK blksize=800']);
  });

  it('9: never acknowledges an option that was not asked for', async () => {
    expect(await answer({ blksize: 1024 })).toEqual(['OACK blksize=1024']);
    expect(await answer({ tsize: 0 })).toEqual(['OACK tsize=2000']);
  });

  it('10: ends the OACK with the NUL of the last value', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('f', { blksize: 1024 });
    expect(Buffer.from(client.raw[0]!.data).toString('latin1')).toBe('\0\x06blksize\x001024\0');
  });

  it('11: goes on after an option with an empty value', async () => {
    expect(await answer({ multicast: '', blksize: 1024 })).toEqual(['OACK blksize=1024']);
  });

  it('12: takes the first of a repeated option and answers it once', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    const request = bytes('\0\x01f\0octet\0blksize\x001024\0BLKSIZE\x00600\0');
    expect(await client.send(request)).toEqual(['OACK blksize=1024']);
  });

  it('13: leaves an option without a value at the end alone', async () => {
    const { peer } = await rig({ files });
    expect(await (await peer()).send(bytes('\0\x01f\0octet\0blksize\x001024\0tsize\0'))).toEqual(['OACK blksize=1024']);
    expect(await (await peer()).send(bytes('\0\x01f\0octet\0blksize\x001024\0tsize'))).toEqual(['OACK blksize=1024']);
  });

  it('14: refuses a mode that does not end', async () => {
    const { peer } = await rig({ files });
    expect(await (await peer()).send(bytes('\0\x01f\0octet'))).toEqual([MALFORMED]);
  });

  it('15: survives datagrams that are no requests, and answers only what looks like one', async () => {
    const { peer, server } = await rig({ files });
    const client = await peer();
    for (const datagram of ['', '\0', '\x01']) expect(await client.send(bytes(datagram), client.server)).toEqual([]);
    for (const datagram of ['\0\x01', '\0\x01f', '\0\x01f\0', '\0\x02'])
      expect(await client.send(bytes(datagram), client.server)).toEqual([MALFORMED]);
    expect(await (await peer()).rrq('f')).toEqual([FIRST]);
    expect(server.stats().dropped.malformed).toBe(7);
  });

  it('16: finds no file with an empty name', async () => {
    const { peer } = await rig({ files, root: '/' });
    expect(await (await peer()).send(bytes('\0\x01\0octet\0'))).toEqual(['ERROR 1 "File not found"']);
    expect(await (await peer()).send(bytes('\0\x01/\0octet\0'))).toEqual(['ERROR 1 "File not found"']);
  });

  it('17: takes requests that are padded to 512 or 516 bytes', async () => {
    const { peer } = await rig({ files });
    const padded = new Uint8Array(516);
    padded.set(bytes('\0\x01f\0octet\0'));
    expect(await (await peer()).send(padded)).toEqual([FIRST]);
    padded.fill(0xaa, 12);
    expect(await (await peer()).send(padded)).toEqual([FIRST]);
    padded.fill(0, 12);
    padded.set(bytes('blksize\x001024\0'), 10);
    expect(await (await peer()).send(padded)).toEqual(['OACK blksize=1024']);
  });

  it('18: takes requests of up to 2048 bytes', async () => {
    const { peer } = await rig({ files });
    const request = (length: number): Uint8Array => {
      const head = '\0\x01f\0octet\0blksize\x001024\0x\0';
      return bytes(`${head}${'v'.repeat(length - head.length - 1)}\0`);
    };
    expect(await (await peer()).send(request(2048))).toEqual(['OACK blksize=1024']);
    expect(await (await peer()).send(request(2049))).toEqual([MALFORMED]);
  });

  it('19: cuts garbage off the end of a name where the policy says so', async () => {
    const garbled = bytes('f\xff\xff');
    const strict = await rig({ files });
    expect(await (await strict.peer()).rrq(garbled)).toEqual(['ERROR 1 "File not found"']);
    const { peer } = await rig({ files, paths: { trimGarbage: true } });
    expect(await (await peer()).rrq(garbled)).toEqual([FIRST]);
  });

  it('20: says nothing to opcodes that do not exist', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    for (const opcode of [0, 7, 99, 0xffff])
      expect(await client.send(Uint8Array.of(opcode >> 8, opcode & 0xff, 0, 0), client.server)).toEqual([]);
  });

  it('21: says nothing to DATA, ACK, ERROR and OACK at the listening port', async () => {
    const { peer, server } = await rig({ files });
    const client = await peer();
    for (const packet of ['\0\x03\0\x01x', '\0\x04\0\0', '\0\x05\0\0no\0', '\0\x06blksize\x00512\0']) {
      expect(await client.send(bytes(packet), client.server)).toEqual([]);
    }
    expect(server.stats().dropped.unexpected).toBe(4);
  });

  it('23: drops packets from port 0 and from its own address', async () => {
    let inject!: (data: Uint8Array, from: { address: string; port: number; family: 'IPv4' }) => void;
    const sent: unknown[] = [];
    const local = { address: SERVER, port: 69, family: 'IPv4' as const };
    await rig({
      files,
      transport: {
        async bind(_local, receive) {
          inject = receive;
          return { local, send: (data) => sent.push(data), sendRun: () => sent.push(1), close() {} };
        },
        open: () => ({ local, send: (data) => sent.push(data), sendRun: () => sent.push(1), close() {} }),
        close() {},
      },
    });
    const request = bytes('\0\x01f\0octet\0');
    inject(request, { address: CLIENT, port: 0, family: 'IPv4' });
    inject(request, local);
    expect(sent).toEqual([]);
    inject(request, { address: CLIENT, port: 1000, family: 'IPv4' });
    expect(sent).toHaveLength(1);
  });

  it('24: works over IPv6 with its larger header', async () => {
    const { peer } = await rig({ files }, { address: 'fd00::1', mtu: 1500 });
    const client = await peer('fd00::2');
    expect(await client.rrq('big', { blksize: 65464 })).toEqual(['OACK blksize=1448']);
    expect(await client.ack(0)).toEqual(['DATA 1 (1448 bytes)']);
  });
});

describe('option values', () => {
  const open = { options: { mtu: false } } as const;

  it('25: grants block sizes from 8 to 65464', async () => {
    for (const size of [8, 9, 511, 513, 1428, 8192, 65464]) expect(await answer({ blksize: size }, open)).toEqual([`OACK blksize=${size}`]);
  });

  it('26: lowers a block size above 65464, or refuses it in strict mode', async () => {
    expect(await answer({ blksize: 65465 }, open)).toEqual(['OACK blksize=65464']);
    expect(await answer({ blksize: 100_000_000 }, open)).toEqual(['OACK blksize=65464']);
    expect(await answer({ blksize: 65465 }, { options: { mtu: false, strict: true } })).toEqual(['ERROR 8 "Bad blksize 65465"']);
  });

  it('27: leaves block sizes below 8 out, or refuses them in strict mode', async () => {
    for (const size of [7, 1, 0, -1]) expect(await answer({ blksize: size })).toEqual([FIRST]);
    expect(await answer({ blksize: 7 }, { options: { strict: true } })).toEqual(['ERROR 8 "Bad blksize 7"']);
  });

  it('28: leaves values out that are not decimal numbers', async () => {
    for (const value of ['abc', '1024x', '', '+512', ' 512', '512 ', '0x400', '9'.repeat(30), '1e3', '１２']) {
      expect(await answer({ blksize: value, windowsize: value, timeout: value, tsize: value })).toEqual([FIRST]);
    }
  });

  it('29: keeps packets within the MTU and a cap, unless told not to', async () => {
    expect(await answer({ blksize: 8192 })).toEqual(['OACK blksize=1468']);
    expect(await answer({ blksize: 8192 }, { options: { mtu: 1400 } })).toEqual(['OACK blksize=1368']);
    expect(await answer({ blksize: 8192 }, { options: { maxBlockSize: 1024 } })).toEqual(['OACK blksize=1024']);
    expect(await answer({ blksize: 8192 }, open)).toEqual(['OACK blksize=8192']);
  });

  it('30: honours block sizes below 512', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    expect(await client.rrq('f', { blksize: 400 })).toEqual(['OACK blksize=400']);
    expect(await client.ack(0)).toEqual(['DATA 1 (400 bytes)']);
  });

  it('31: sends an OACK that is longer than the block size', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    expect(await client.rrq('f', { blksize: 8, tsize: 0, timeout: 5, windowsize: 2 })).toEqual([
      'OACK blksize=8 tsize=2000 timeout=5 windowsize=2',
    ]);
    expect(await client.ack(0)).toEqual(['DATA 1 (8 bytes)', 'DATA 2 (8 bytes)']);
  });

  it('32: answers the timeout with the same value and never waits longer', async () => {
    for (const value of ['1', '255']) expect(await answer({ timeout: value })).toEqual([`OACK timeout=${value}`]);
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('f', { timeout: 2 });
    await client.ack(0);
    await client.wait(20_000);
    client.raw.splice(0, client.raw.length);
    await client.wait(8000);
    expect(client.raw.length).toBeGreaterThanOrEqual(3);
    expect(client.raw.length).toBeLessThanOrEqual(5);
  });

  it('33: leaves a timeout out that is no number from 1 to 255', async () => {
    for (const value of ['0', '256', '2.0', '3000', 'x']) expect(await answer({ timeout: value })).toEqual([FIRST]);
  });

  it('34: grants utimeout in microseconds', async () => {
    expect(await answer({ utimeout: 250_000 })).toEqual(['OACK utimeout=250000']);
    expect(await answer({ utimeout: 9999 })).toEqual([FIRST]);
  });

  it('35: answers tsize=0 with the size', async () => {
    expect(await answer({ tsize: 0 })).toEqual(['OACK tsize=2000']);
  });

  it('36: answers any tsize of a read with the real size', async () => {
    expect(await answer({ tsize: 77 })).toEqual(['OACK tsize=2000']);
  });

  it('37: gives the encoded size for netascii, or none', async () => {
    const { peer } = await rig({ files, handler: () => stream('a\n', 'b\n') });
    expect(await (await peer()).rrq('text', { tsize: 0 }, 'netascii')).toEqual(['OACK tsize=6']);
    expect(await (await peer()).rrq('made', { tsize: 0 }, 'netascii')).toEqual(['DATA 1 (6 bytes)']);
  });

  it('38: leaves tsize out for content of unknown length, and takes the size from the handler', async () => {
    const { peer } = await rig({ handler: ({ path }) => (path === 'sized' ? { body: stream('abc'), size: 3 } : stream('abc')) });
    expect(await (await peer()).rrq('unsized', { tsize: 0 })).toEqual(['DATA 1 (3 bytes)']);
    expect(await (await peer()).rrq('sized', { tsize: 0 })).toEqual(['OACK tsize=3']);
  });

  it('39: leaves tsize out for an empty file, unless told to announce it', async () => {
    expect(await answer({ tsize: 0 }, {}, 'empty')).toEqual(['DATA 1 (0 bytes)']);
    expect(await answer({ tsize: 0 }, { options: { announceEmpty: true } }, 'empty')).toEqual(['OACK tsize=0']);
  });

  it('40: gives sizes beyond 32 bits', async () => {
    const { peer } = await rig({ handler: () => ({ body: stream('x'.repeat(100_000)), size: 2 ** 40 + 1 }) });
    expect(await (await peer()).rrq('huge', { tsize: 0 })).toEqual(['OACK tsize=1099511627777']);
  });

  it('41: answers the tsize of an upload with the same value, and refuses one that is too large', async () => {
    const { tmpdir } = await import('node:os');
    const { peer } = await rig({ root: tmpdir(), uploads: { maxBytes: 1000 } });
    const client = await peer();
    expect([...(await client.wrq('pxekit-case-41', { tsize: 999 })), ...(await arrival(client))]).toEqual(['OACK tsize=999']);
    await client.error(0);
    for (const tsize of ['1001', '100000000000000000']) {
      const other = await peer();
      expect([...(await other.wrq('pxekit-case-41b', { tsize })), ...(await arrival(other))]).toEqual(['ERROR 3 "File is too large"']);
    }
  });

  it('42: grants windows up to its limit', async () => {
    expect(await answer({ windowsize: 4 })).toEqual(['OACK windowsize=4']);
    expect(await answer({ windowsize: 65535 })).toEqual(['OACK windowsize=64']);
    expect(await answer({ windowsize: 500 }, { options: { maxWindowSize: 256 } })).toEqual(['OACK windowsize=256']);
  });

  it('43: leaves impossible windows out', async () => {
    for (const value of ['0', '65536', '-1', 'x']) expect(await answer({ windowsize: value })).toEqual([FIRST]);
  });

  it('44: treats a window of 1 as lock-step', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    expect(await client.rrq('f', { windowsize: 1 })).toEqual(['OACK windowsize=1']);
    expect(await client.ack(0)).toEqual([FIRST]);
    expect(await client.ack(0)).toEqual([]);
    expect(await client.ack(1)).toEqual(['DATA 2 (512 bytes)']);
    expect(await client.ack(1)).toEqual([]);
  });

  it('45: never grants a larger window than was asked for', async () => {
    for (const size of [1, 2, 3, 63]) expect(await answer({ windowsize: size })).toEqual([`OACK windowsize=${size}`]);
  });

  it('46: bounds the bytes of a window', async () => {
    const policy = { options: { mtu: false, maxWindowBytes: 100_000 } } as const;
    expect(await answer({ blksize: 50_000, windowsize: 16 }, policy)).toEqual(['OACK blksize=50000 windowsize=2']);
    expect(await answer({ windowsize: 16, blksize: 65_464 }, policy)).toEqual(['OACK windowsize=1 blksize=65464']);
  });

  it('47: grants rollover 0 and 1', async () => {
    expect(await answer({ rollover: 0 })).toEqual(['OACK rollover=0']);
    expect(await answer({ rollover: 1 })).toEqual(['OACK rollover=1']);
    expect(await answer({ rollover: 2 })).toEqual([FIRST]);
  });

  it('48: grants blksize2 as a power of two when it is switched on, and not beside blksize', async () => {
    expect(await answer({ blksize2: 1500 })).toEqual([FIRST]);
    const on = { options: { blksize2: true } } as const;
    expect(await answer({ blksize2: 1500 }, on)).toEqual(['OACK blksize2=1024']);
    expect(await answer({ blksize2: 1500, blksize: 1200 }, on)).toEqual(['OACK blksize=1200']);
  });

  it('49: leaves multicast and msftwindow out', async () => {
    expect(await answer({ multicast: '', msftwindow: 31416, blksize: 1024 })).toEqual(['OACK blksize=1024']);
  });

  it('50: sends no OACK when every option is refused', async () => {
    expect(await answer({ blksize: 4, windowsize: 0 })).toEqual([FIRST]);
    const { peer } = await rig({ writeHandler: () => ({ write() {}, commit() {}, abort() {} }) });
    expect(await (await peer()).wrq('u', { blksize: 4 })).toEqual(['ACK 0']);
  });

  it('51: refuses single options, for all or for one client', async () => {
    expect(await answer({ blksize: 1024, tsize: 0 }, { options: { refuse: ['blksize'] } })).toEqual(['OACK tsize=2000']);
    const { peer } = await rig({ files, options: (request) => (request.peer.address === CLIENT ? { refuse: ['tsize'] } : {}) });
    expect(await (await peer()).rrq('f', { tsize: 0 })).toEqual([FIRST]);
    expect(await (await peer('10.0.0.9')).rrq('f', { tsize: 0 })).toEqual(['OACK tsize=2000']);
  });
});

async function* stream(...parts: string[]): AsyncGenerator<string> {
  yield* parts;
}
