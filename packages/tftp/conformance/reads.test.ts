// Sections C and D of the case list: read requests, in lock-step and with windows, in simulated time.
import { mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryNetwork, createTftpServer, get, put, TftpError, VirtualClock } from '@pxekit/tftp';
import { decodePacket, encodeAck } from '@pxekit/tftp/packet';
import { afterEach, describe, expect, it } from 'vitest';
import { arrival, CLIENT, pattern, rig, SERVER, stopRigs } from '../test/rig.js';

const folders: string[] = [];
afterEach(async () => {
  await stopRigs();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'pxekit-reads-'));
  folders.push(path);
  return path;
}

const files = { f: pattern(2000), exact: pattern(1024), empty: '', small: 'tiny', window: pattern(8 * 512), long: pattern(40 * 512 + 10) };
const data = (block: number, length = 512): string => `DATA ${block} (${length} bytes)`;
const blocks = (first: number, last: number, length = 512): string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => data(first + index, length));

describe('reads in lock-step', () => {
  it('52: answers from a new port of the address that was asked', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    expect(await client.rrq('f')).toEqual([data(1)]);
    expect(client.answeredFrom).toMatchObject({ address: SERVER });
    expect(client.answeredFrom!.port).not.toBe(69);
  });

  it('53: sends DATA 1 after the ACK of the OACK only', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    expect(await client.rrq('f', { blksize: 512 })).toEqual(['OACK blksize=512']);
    expect(await client.ack(0)).toEqual([data(1)]);
  });

  it('54: repeats the OACK with growing intervals, not for ever', async () => {
    const { peer, records } = await rig({ files });
    const client = await peer();
    await client.rrq('f', { blksize: 600 });
    expect(await client.wait(60_000)).toEqual(['OACK blksize=600', 'OACK blksize=600', 'OACK blksize=600']);
    expect(client.raw.map(({ at }) => Math.round(at / 1000))).toEqual([0, 1, 3, 7]);
    expect(records[0]).toMatchObject({ outcome: 'timeout' });
  });

  it('55: ignores a second ACK 0', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('f', { blksize: 512 });
    await client.ack(0);
    expect(await client.ack(0)).toEqual([]);
  });

  it('56: ignores ACK 0 where there was no OACK', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('f');
    expect(await client.ack(0)).toEqual([]);
    expect(await client.ack(1)).toEqual([data(2)]);
  });

  it('57: keeps repeating the OACK while other numbers are acknowledged', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('f', { blksize: 512 });
    expect(await client.ack(1)).toEqual([]);
    expect(await client.ack(7)).toEqual([]);
    expect(await client.wait(1010)).toEqual(['OACK blksize=512']);
    expect(await client.ack(0)).toEqual([data(1)]);
  });

  it('58: ends quietly when the client only wanted the size, and serves its next request', async () => {
    const { peer, records, server } = await rig({ files });
    const client = await peer();
    await client.rrq('f', { tsize: 0, blksize: 1468 });
    expect(await client.error(8, 'User aborted the transfer')).toEqual([]);
    expect(records).toMatchObject([{ outcome: 'probe', error: { code: 'TFTP_OPTION_REFUSED', fromPeer: true } }]);
    expect(server.stats().active).toBe(0);
    expect(await client.rrq('f', { blksize: 1468 })).toEqual(['OACK blksize=1468']);
    expect(await client.wait(900)).toEqual([]);
  });

  it('59: stops at once at ERROR 0 in the middle', async () => {
    const { peer, records } = await rig({ files });
    const client = await peer();
    await client.rrq('f');
    await client.ack(1);
    expect(await client.error(0, 'TFTP Aborted')).toEqual([]);
    expect(await client.wait(60_000)).toEqual([]);
    expect(records).toMatchObject([{ outcome: 'aborted', bytes: 512, blocks: 1 }]);
  });

  it('60: stops at once at ERROR 3', async () => {
    const { peer, records } = await rig({ files });
    const client = await peer();
    await client.rrq('f');
    await client.ack(1);
    expect(await client.error(3, 'too large')).toEqual([]);
    expect(await client.wait(60_000)).toEqual([]);
    expect(records).toMatchObject([{ outcome: 'aborted', error: { code: 'TFTP_DISK_FULL', fromPeer: true } }]);
  });

  it('61: answers ACK n with DATA n+1', async () => {
    const { peer, records } = await rig({ files });
    const client = await peer();
    await client.rrq('f');
    expect(await client.ack(1)).toEqual([data(2)]);
    expect(await client.ack(2)).toEqual([data(3)]);
    expect(await client.ack(3)).toEqual([data(4, 464)]);
    expect(await client.ack(4)).toEqual([]);
    expect(records).toMatchObject([{ outcome: 'complete', bytes: 2000, blocks: 4, retransmissions: 0 }]);
  });

  it('62: never answers a repeated ACK with DATA', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('f');
    await client.ack(1);
    for (let copy = 0; copy < 5; copy += 1) expect(await client.ack(1)).toEqual([]);
  });

  it('63: ignores old ACKs', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('f');
    await client.ack(1);
    await client.ack(2);
    expect(await client.ack(1)).toEqual([]);
    expect(await client.ack(0)).toEqual([]);
    expect(await client.ack(3)).toEqual([data(4, 464)]);
  });

  it('64: ignores the ACK of a block that was never sent', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('f');
    for (const number of [2, 9, 40_000, 65_535]) expect(await client.ack(number)).toEqual([]);
    expect(await client.ack(1)).toEqual([data(2)]);
  });

  it('65: takes ACKs with bytes behind them', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('f');
    expect(await client.send(Uint8Array.of(0, 4, 0, 1, 9))).toEqual([data(2)]);
    expect(await client.send(new Uint8Array([0, 4, 0, 2, ...new Array(14).fill(0)]))).toEqual([data(3)]);
  });

  it('66: ignores broken packets of the peer', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('f');
    for (const junk of [[], [0], [0, 4], [0, 4, 0], [0, 5], [0, 9, 0, 1], [4, 0, 0, 1], [255, 255, 255, 255]])
      expect(await client.send(Uint8Array.from(junk))).toEqual([]);
    expect(await client.ack(1)).toEqual([data(2)]);
  });

  it('67: is not kept from repeating by junk', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('f');
    for (let tick = 0; tick < 9; tick += 1) {
      await client.wait(100);
      await client.send(Uint8Array.of(0, 9, 9));
      await client.ack(0);
    }
    expect(client.raw).toHaveLength(1);
    await client.wait(110);
    expect(client.raw).toHaveLength(2);
  });

  it('68: tells a stranger that its transfer ID is unknown, without harm to the transfer', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('f');
    const stranger = await peer('10.0.0.66');
    stranger.answeredFrom = client.answeredFrom;
    expect(await stranger.ack(1)).toEqual(['ERROR 5 "Unknown transfer ID"']);
    expect(await stranger.error(0)).toEqual([]);
    expect(client.take()).toEqual([]);
    expect(await client.ack(1)).toEqual([data(2)]);
  });

  it('69: takes another port of the same host, and the same port of another host, for strangers', async () => {
    const { peer } = await rig({ files });
    const client = await peer(CLIENT, 3000);
    await client.rrq('f');
    for (const stranger of [await peer(CLIENT, 3001), await peer('10.0.0.7', 3000)]) {
      stranger.answeredFrom = client.answeredFrom;
      expect(await stranger.ack(1)).toEqual(['ERROR 5 "Unknown transfer ID"']);
    }
    expect(await client.ack(1)).toEqual([data(2)]);
  });

  it('70: ends a file of whole blocks with an empty block', async () => {
    const { peer, records } = await rig({ files });
    const client = await peer();
    await client.rrq('exact');
    expect(await client.ack(1)).toEqual([data(2)]);
    expect(await client.ack(2)).toEqual([data(3, 0)]);
    await client.ack(3);
    expect(records).toMatchObject([{ outcome: 'complete', bytes: 1024, blocks: 3 }]);
  });

  it('71: sends an empty file as one empty block', async () => {
    const { peer, records } = await rig({ files });
    const client = await peer();
    expect(await client.rrq('empty')).toEqual([data(1, 0)]);
    await client.ack(1);
    const other = await peer();
    expect(await other.rrq('empty', { blksize: 1024 })).toEqual(['OACK blksize=1024']);
    expect(await other.ack(0)).toEqual([data(1, 0)]);
    await other.ack(1);
    expect(records.map(({ outcome, bytes }) => [outcome, bytes])).toEqual([
      ['complete', 0],
      ['complete', 0],
    ]);
  });

  it('72: sends a short file as one block', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    expect(await client.rrq('small')).toEqual([data(1, 4)]);
    expect(Buffer.from(client.raw[0]!.data.subarray(4)).toString()).toBe('tiny');
  });

  it('73: takes a missing last ACK for the end, and says nothing', async () => {
    const { peer, records } = await rig({ files });
    const client = await peer();
    await client.rrq('exact');
    await client.ack(1);
    await client.ack(2);
    const repeated = await client.wait(60_000);
    expect(new Set(repeated)).toEqual(new Set([data(3, 0)]));
    expect(records).toMatchObject([{ outcome: 'unconfirmed' }]);
  });

  it('74: doubles the interval and gives up with ERROR 0', async () => {
    const { peer, records } = await rig({ files, retransmission: { initial: 500, min: 500, max: 4000, giveUp: 20_000 } });
    const client = await peer();
    await client.rrq('f');
    await client.ack(1);
    client.raw.length = 0;
    const sent = await client.wait(60_000);
    const gaps = client.raw.map(({ at }, index) => at - (client.raw[index - 1]?.at ?? 0)).map((gap) => Math.round(gap / 100) / 10);
    expect(gaps.slice(0, 6)).toEqual([0.5, 1, 2, 4, 4, 4]);
    expect(sent.at(-1)).toBe('ERROR 0 "Timed out"');
    expect(records).toMatchObject([{ outcome: 'timeout', error: { code: 'TFTP_TIMEOUT' } }]);
  });

  it('75: waits at least 30 seconds for a slow client', async () => {
    const { peer, records } = await rig({ files });
    const client = await peer();
    await client.rrq('f');
    await client.ack(1);
    await client.wait(29_500);
    expect(records).toEqual([]);
    await client.ack(2);
    expect(await client.ack(3)).toEqual([data(4, 464)]);
  });

  it('76: takes an ACK that came late, after a retransmission', async () => {
    const { peer, records } = await rig({ files });
    const client = await peer();
    await client.rrq('f');
    expect(await client.wait(1010)).toEqual([data(1)]);
    expect(await client.ack(1)).toEqual([data(2)]);
    expect(await client.ack(1)).toEqual([]);
    await client.ack(2);
    await client.ack(3);
    await client.ack(4);
    expect(records).toMatchObject([{ outcome: 'complete', retransmissions: 1 }]);
  });

  it('77: runs one transfer for a repeated request', async () => {
    const { peer, server } = await rig({ files });
    const client = await peer();
    await client.rrq('f', { blksize: 600 });
    const port = client.answeredFrom!.port;
    expect(await client.rrq('f', { blksize: 600 })).toEqual(['OACK blksize=600']);
    expect(client.answeredFrom!.port).toBe(port);
    expect(server.stats()).toMatchObject({ requests: 1, active: 1 });
    const plain = await peer();
    await plain.rrq('f');
    expect(await plain.rrq('f')).toEqual([data(1)]);
    expect(server.stats()).toMatchObject({ requests: 2, active: 2 });
  });

  it('78: drops the old transfer when the same port asks for something else', async () => {
    const { peer, server, records } = await rig({ files });
    const client = await peer();
    await client.rrq('f');
    await client.ack(1);
    expect(await client.rrq('small')).toEqual([data(1, 4)]);
    expect(server.stats().active).toBe(1);
    expect(records).toMatchObject([{ outcome: 'superseded', path: 'f' }]);
    const again = await peer();
    await again.rrq('f');
    await again.ack(1);
    expect(await again.rrq('f')).toEqual([data(1)]);
    expect(await again.ack(1)).toEqual([data(2)]);
    expect(records.map(({ outcome }) => outcome)).toEqual(['superseded', 'superseded']);
  });

  it('78: serves a request that overtakes the last ACK of the same port', async () => {
    const { peer, records } = await rig({ files });
    const client = await peer();
    await client.rrq('small', { blksize: 600 });
    await client.ack(0);
    const old = client.answeredFrom!;
    expect(await client.rrq('small', { blksize: 600 })).toEqual(['OACK blksize=600']);
    const fresh = client.answeredFrom!;
    client.answeredFrom = old;
    await client.ack(1);
    client.answeredFrom = fresh;
    expect(await client.ack(0)).toEqual([data(1, 4)]);
    await client.ack(1);
    expect(records.map(({ outcome }) => outcome)).toEqual(['complete', 'complete']);
  });

  it('77: is not disturbed by a copy of the request that comes late', async () => {
    const { peer, records } = await rig({ files });
    const client = await peer();
    await client.rrq('f');
    await client.ack(1);
    const port = client.answeredFrom!;
    expect(await client.rrq('f')).toEqual([data(1)]);
    client.answeredFrom = port;
    expect(await client.ack(2)).toEqual([data(3)]);
    await client.ack(3);
    await client.ack(4);
    expect(records.map(({ outcome }) => outcome)).toEqual(['superseded', 'complete']);
  });

  it.each([
    ['lock-step', undefined, 1],
    ['lock-step', 1, 1],
    ['windowed', undefined, 16],
    ['windowed', 1, 16],
    ['windowed', 0, 33],
  ] as const)('79: goes on past block 65535, %s with rollover %s and window %i', async (_name, rollover, windowSize) => {
    const content = pattern(66_000 * 8 + 3);
    const clock = new VirtualClock();
    const network = createMemoryNetwork({ clock });
    const server = createTftpServer({ files: { big: content }, clock, transport: network.host(SERVER), host: SERVER });
    await server.listen();
    const options = { blockSize: 8, windowSize, clock, transport: network.host(CLIENT), ...(rollover === undefined ? {} : { rollover }) };
    const { data: received, record } = await clock.run(get(`tftp://${SERVER}/big`, options));
    expect(record.blocks).toBe(66_001);
    expect(Buffer.compare(received, content)).toBe(0);
    await server.close();
  });

  it('79: refuses files with too many blocks where no rollover is allowed', async () => {
    const { peer } = await rig({ files: { big: pattern(65_536 * 8), fits: pattern(65_534 * 8) }, options: { rollover: 'none' } });
    expect(await (await peer()).rrq('big', { blksize: 8 })).toEqual(['ERROR 3 "File has too many blocks"']);
    expect(await (await peer()).rrq('fits', { blksize: 8 })).toEqual(['OACK blksize=8']);
  });

  it('80: takes ACK 0 at the rollover for what it is', async () => {
    const { peer } = await rig({ files: { big: pattern(65_540 * 8) } });
    const client = await peer();
    await client.rrq('big', { blksize: 8, windowsize: 64 });
    await client.ack(0);
    for (let block = 64; block < 65_536; block += 64) await client.ack(block & 0xffff);
    client.take();
    const last = client.raw.at(-1)!;
    expect(decodePacket(last.data)).toMatchObject({ block: 0 });
    expect(await client.ack(0)).toEqual([
      'DATA 1 (8 bytes)',
      'DATA 2 (8 bytes)',
      'DATA 3 (8 bytes)',
      'DATA 4 (8 bytes)',
      'DATA 5 (0 bytes)',
    ]);
  });

  it('81: ends with an ERROR when the file shrinks, and never with bytes of two files', async () => {
    const root = await folder();
    const file = join(root, 'shrinks');
    await writeFile(file, pattern(600_000));
    const { peer, records } = await rig({ root, cacheBytes: 1 });
    const client = await peer();
    await client.rrq('shrinks', { blksize: 1468, windowsize: 64 });
    await arrival(client);
    await client.ack(0);
    await truncate(file, 300_000);
    let answers = client.take();
    for (let block = 64; block < 500 && !answers.some((line) => line.startsWith('ERROR')); block += 64) {
      answers = await client.ack(block);
      if (answers.length === 0) answers = await arrival(client);
    }
    expect(answers.at(-1)).toBe('ERROR 0 "File changed during the transfer"');
    expect(records).toMatchObject([{ outcome: 'failed', error: { code: 'TFTP_FILE_CHANGED' } }]);
  });

  it('82: keeps sending the old file when a new one takes its name', async () => {
    const root = await folder();
    const old = pattern(600_000, 1);
    await writeFile(join(root, 'f'), old);
    const { peer } = await rig({ root, cacheBytes: 1 });
    const client = await peer();
    await client.rrq('f', { blksize: 1468, windowsize: 64 });
    await arrival(client);
    await client.ack(0);
    await writeFile(join(root, 'new'), pattern(600_000, 2));
    await rename(join(root, 'new'), join(root, 'f'));
    const got = new Map<number, Uint8Array>();
    let high = 0;
    for (let turn = 0; turn < 60 && high < Math.floor(600_000 / 1468) + 1; turn += 1) {
      for (const { data: packet } of client.raw.splice(0)) {
        const decoded = decodePacket(packet);
        if (decoded.type === 'data') got.set(decoded.block, decoded.data);
      }
      while (got.has(high + 1)) high += 1;
      await client.send(encodeAck(high));
      if (client.raw.length === 0) await arrival(client);
    }
    const received = Buffer.concat(Array.from({ length: high }, (_, index) => got.get(index + 1)!));
    expect(Buffer.compare(received, old)).toBe(0);
    const second = await peer();
    await second.rrq('f', { blksize: 1468 });
    await arrival(second);
    await second.ack(0);
    if (second.raw.length < 2) await arrival(second);
    expect(second.raw.at(-1)!.data[4]).toBe(pattern(1, 2)[0]);
  });

  it('83: refuses a folder before any OACK', async () => {
    const root = await folder();
    const { peer } = await rig({ root: join(root, '..') });
    const client = await peer();
    const answers = await client.rrq(root.split('/').at(-1)!, { tsize: 0 });
    expect([...answers, ...(answers.length > 0 ? [] : await arrival(client))]).toEqual(['ERROR 2 "Access violation"']);
  });

  it('83: tells a failure of reading in the middle', async () => {
    const { peer, records } = await rig({
      handler: async function* () {
        yield pattern(512 * 3);
        await new Promise((resolve) => setImmediate(resolve));
        throw Object.assign(new Error('EIO: /secret/path'), { code: 'EIO' });
      },
    });
    const client = await peer();
    const answers = [...(await client.rrq('f')), ...(await client.ack(1)), ...(await client.ack(2)), ...(await client.wait(100))];
    expect(answers.filter((line) => line.startsWith('ERROR'))).toEqual(['ERROR 0 "Transfer failed"']);
    expect(records).toMatchObject([{ outcome: 'failed' }]);
  });

  it('84: answers when the first block is there, and absorbs repeated requests until then', async () => {
    let give!: (value: string) => void;
    const { peer, server } = await rig({ handler: () => new Promise<string>((resolve) => (give = resolve)) });
    const client = await peer();
    expect(await client.rrq('slow', { blksize: 1024 })).toEqual([]);
    expect(await client.rrq('slow', { blksize: 1024 })).toEqual([]);
    await client.wait(5000);
    give('here');
    expect(await client.wait(0)).toEqual(['OACK blksize=1024']);
    expect(server.stats().requests).toBe(1);
  });

  it('84: gives the real error when a slow source fails', async () => {
    const { peer } = await rig({
      handler: async function* () {
        await Promise.resolve();
        throw new TftpError('TFTP_ACCESS_VIOLATION', 'Not for you');
        // biome-ignore lint/correctness/noUnreachable: a generator needs a yield
        yield '';
      },
    });
    expect(await (await peer()).rrq('f', { blksize: 1024 })).toEqual(['ERROR 2 "Not for you"']);
  });

  it('85: says 1 for what is not there and 2 for what is forbidden', async () => {
    const { peer } = await rig({ files, authorize: ({ path }) => path !== 'small' });
    expect(await (await peer()).rrq('none')).toEqual(['ERROR 1 "File not found"']);
    expect(await (await peer()).rrq('small')).toEqual(['ERROR 2 "Access violation"']);
  });

  it('86: keeps error messages short, printable and free of paths', async () => {
    const root = await folder();
    const { peer } = await rig({
      root,
      handler: ({ path }) => (path === 'long' ? new TftpError('TFTP_FAILED', `a\n\x1b[2Jü${'x'.repeat(500)}`) : undefined),
    });
    const client = await peer();
    const missing = [...(await client.rrq('no/such/file')), ...(await arrival(client))].join('');
    expect(missing).toBe('ERROR 1 "File not found"');
    const long = await peer();
    await long.rrq('long');
    const { data: packet } = long.raw[0]!;
    expect(packet.length).toBeLessThanOrEqual(4 + 128 + 1);
    expect(packet.at(-1)).toBe(0);
    expect(Buffer.from(packet.subarray(4, -1)).toString('latin1')).toMatch(/^[\x20-\x7e]+$/);
  });

  it('87: sends immediate errors from the listening port', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('none');
    expect(client.answeredFrom!.port).toBe(69);
  });

  it('88: sends netascii with CR LF and CR NUL, also across blocks', async () => {
    const { peer } = await rig({ files: { t: `${'x'.repeat(511)}\nb\rc` } });
    const client = await peer();
    expect(await client.rrq('t', {}, 'netascii')).toEqual([data(1)]);
    await client.ack(1);
    const sent = Buffer.concat(client.raw.map(({ data: packet }) => packet.subarray(4))).toString('latin1');
    expect(sent).toBe(`${'x'.repeat(511)}\r\nb\r\0c`);
  });
});

describe('reads with windows', () => {
  const four = { windowsize: 4 };

  it('91: sends a whole window after ACK 0 and waits', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('long', four);
    expect(await client.ack(0)).toEqual(blocks(1, 4));
    expect(await client.wait(5)).toEqual([]);
  });

  it('92: answers the ACK of a window with the next', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('long', four);
    await client.ack(0);
    expect(await client.ack(4)).toEqual(blocks(5, 8));
  });

  it('93: starts the window again behind an ACK inside it', async () => {
    const { peer, records } = await rig({ files });
    const client = await peer();
    await client.rrq('long', four);
    await client.ack(0);
    expect(await client.ack(2)).toEqual(blocks(3, 6));
    await client.error(0);
    expect(records).toMatchObject([{ retransmissions: 2 }]);
  });

  it('94: repeats the window from the last ACK when the client is silent, within a second', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('long', four);
    await client.ack(0);
    await client.ack(4);
    const began = client.clock.now();
    const before = client.raw.length;
    await client.wait(1000);
    expect(client.raw[before]!.at - began).toBeLessThanOrEqual(1000);
    expect(decodePacket(client.raw[before]!.data)).toMatchObject({ type: 'data', block: 5 });
  });

  it('95: takes the repeated ACK before the window as a request to resend, once per flight', async () => {
    const { peer } = await rig({ files, retransmission: { min: 200 } }, { latency: 5 });
    const client = await peer();
    const exchange = async (work: Promise<string[]>): Promise<string[]> => [...(await work), ...(await client.wait(10))];
    await exchange(client.rrq('long', four));
    await exchange(client.ack(0));
    expect(await exchange(client.ack(4))).toEqual(blocks(5, 8));
    expect(await exchange(client.ack(4))).toEqual(blocks(5, 8));
    for (let copy = 0; copy < 4; copy += 1) expect(await exchange(client.ack(4))).toEqual([]);
    expect(await exchange(client.ack(8))).toEqual(blocks(9, 12));
    await client.wait(110);
    expect(await exchange(client.ack(8))).toEqual(blocks(9, 12));
  });

  it('96: takes ACK 0 once more, after the OACK, for the loss of block 1', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('long', four);
    expect(await client.ack(0)).toEqual(blocks(1, 4));
    expect(await client.ack(0)).toEqual(blocks(1, 4));
    expect(await client.ack(0)).toEqual([]);
  });

  it('97: ignores an ACK older than the window', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('long', four);
    await client.ack(0);
    await client.ack(4);
    await client.ack(8);
    for (const old of [0, 3, 4, 7]) expect(await client.ack(old)).toEqual([]);
  });

  it('98: ignores an ACK beyond the window', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('long', four);
    await client.ack(0);
    for (const ahead of [5, 6, 20, 40_000]) expect(await client.ack(ahead)).toEqual([]);
    expect(await client.ack(4)).toEqual(blocks(5, 8));
  });

  it('99: does not explode with a client that acknowledges every block', async () => {
    const { peer, records } = await rig({ files: { long: pattern(512 * 400) } }, { latency: 1 });
    const client = await peer();
    await client.rrq('long', { windowsize: 16 });
    await client.wait(2);
    let acknowledged = -1;
    let seen = 0;
    let next = 0;
    for (let turn = 0; turn < 5000 && records.length === 0; turn += 1) {
      for (; seen < client.raw.length; seen += 1) {
        const packet = decodePacket(client.raw[seen]!.data);
        if (packet.type === 'data' && packet.block === next + 1) next += 1;
      }
      if (acknowledged < next) {
        acknowledged += 1;
        await client.ack(acknowledged);
      }
      await client.wait(0.2);
    }
    expect(records).toMatchObject([{ outcome: 'complete', blocks: 401 }]);
    expect(records[0]!.retransmissions).toBeLessThan(60);
  });

  it('100: ends a file of whole windows with a window of one empty block', async () => {
    const { peer, records } = await rig({ files });
    const client = await peer();
    await client.rrq('window', four);
    expect(await client.ack(0)).toEqual(blocks(1, 4));
    expect(await client.ack(4)).toEqual(blocks(5, 8));
    expect(await client.ack(8)).toEqual([data(9, 0)]);
    await client.ack(9);
    expect(records).toMatchObject([{ outcome: 'complete' }]);
  });

  it('101: sends a file that is smaller than a window in one', async () => {
    const { peer, records } = await rig({ files });
    const client = await peer();
    await client.rrq('f', { windowsize: 16 });
    expect(await client.ack(0)).toEqual([...blocks(1, 3), data(4, 464)]);
    await client.ack(4);
    expect(records).toMatchObject([{ outcome: 'complete' }]);
  });

  it.each([0, 1] as const)('102: counts over the rollover inside a window, with losses, rollover %i', async (rollover) => {
    const { peer, records } = await rig({ files: { big: pattern(65_600 * 8) } });
    const client = await peer();
    await client.rrq('big', { blksize: 8, windowsize: 64, rollover });
    await client.ack(0);
    const wire = (block: number): number => (rollover === 0 ? block & 0xffff : ((block - 1) % 65_535) + 1);
    for (let block = 64; block <= 65_472; block += 64) await client.ack(block);
    client.raw.length = 0;
    await client.ack(wire(65_530));
    expect(decodePacket(client.raw[0]!.data)).toMatchObject({ block: wire(65_531) });
    await client.wait(6);
    client.raw.length = 0;
    await client.ack(wire(65_538));
    expect(decodePacket(client.raw[0]!.data)).toMatchObject({ block: wire(65_539) });
    await client.ack(wire(65_601));
    if (records.length === 0) {
      await client.wait(50);
      await client.ack(wire(65_601));
    }
    expect(records).toMatchObject([{ outcome: 'complete', blocks: 65_601 }]);
  });

  it('103: repeats only what is not acknowledged, and starts counting attempts again after progress', async () => {
    const { peer, records } = await rig({ files, retransmission: { initial: 1000, min: 1000, giveUp: 5000 } });
    const client = await peer();
    await client.rrq('long', four);
    await client.ack(0);
    expect(await client.wait(1010)).toEqual(blocks(1, 4));
    expect((await client.wait(1900)).length % 4).toBe(0);
    await client.ack(3);
    await client.wait(4000);
    expect(records).toEqual([]);
    await client.wait(20_000);
    expect(records).toMatchObject([{ outcome: 'timeout' }]);
  });

  it('104: repeats the OACK when the request is repeated', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('long', four);
    expect(await client.rrq('long', four)).toEqual(['OACK windowsize=4']);
    expect(await client.ack(0)).toEqual(blocks(1, 4));
  });

  it('105: still acknowledges the other options when windows are refused', async () => {
    const { peer } = await rig({ files, options: { refuse: ['windowsize'] } });
    expect(await (await peer()).rrq('long', { windowsize: 4, blksize: 1024 })).toEqual(['OACK blksize=1024']);
  });

  it('106: sends nothing after an ERROR of the client', async () => {
    const { peer } = await rig({ files });
    const client = await peer();
    await client.rrq('long', four);
    await client.ack(0);
    await client.error(0);
    expect(await client.ack(4)).toEqual([]);
    expect(await client.wait(60_000)).toEqual([]);
  });

  it('107: takes a failing send for a loss', async () => {
    const clock = new VirtualClock();
    const network = createMemoryNetwork({ clock });
    const host = network.host(SERVER);
    let count = 0;
    const server = createTftpServer({
      files,
      clock,
      host: SERVER,
      transport: {
        ...host,
        open: (listener, to, receive) => {
          const port = host.open(listener, to, receive) as Awaited<ReturnType<typeof host.bind>>;
          // What a socket does with ENOBUFS, EAGAIN or EPERM: nothing leaves.
          const lossy = (send: () => void): void => void (count++ % 5 === 3 || send());
          return {
            ...port,
            send: (bytes, peer) => lossy(() => port.send(bytes, peer)),
            sendRun: (...run) => lossy(() => port.sendRun(...run)),
          };
        },
      },
    });
    await server.listen();
    const { data: received } = await clock.run(get(`tftp://${SERVER}/long`, { windowSize: 4, clock, transport: network.host(CLIENT) }));
    expect(Buffer.compare(received, files.long)).toBe(0);
    await server.close();
  });
});

describe('clients of both directions', () => {
  it('put and get agree over a network in memory', async () => {
    const clock = new VirtualClock();
    const network = createMemoryNetwork({ clock });
    const chunks: Uint8Array[] = [];
    const server = createTftpServer({
      clock,
      host: SERVER,
      transport: network.host(SERVER),
      writeHandler: () => ({ write: (chunk) => void chunks.push(chunk.slice()), commit() {}, abort() {} }),
    });
    await server.listen();
    const content = pattern(100_000);
    await clock.run(put(`tftp://${SERVER}/up`, content, { clock, transport: network.host(CLIENT), windowSize: 7 }));
    expect(Buffer.compare(Buffer.concat(chunks), content)).toBe(0);
    await server.close();
    await clock.advance(10_000);
    expect(network.openPorts).toBe(0);
    expect(clock.pending).toBe(0);
  });
});
