// Section E of the case list: write requests, in simulated time, into a real folder.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TftpServerOptions, UploadSink } from '@pxekit/tftp';
import { afterEach, describe, expect, it } from 'vitest';
import { arrival, type Peer, pattern, rig, stopRigs } from '../test/rig.js';

const folders: string[] = [];
afterEach(async () => {
  await stopRigs();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function setup(options: TftpServerOptions = {}) {
  const root = await mkdtemp(join(tmpdir(), 'pxekit-uploads-'));
  folders.push(root);
  await writeFile(join(root, 'old'), 'old content');
  const made = await rig({ root, uploads: { overwrite: true }, ...options });
  return { ...made, root, read: (name: string) => readFile(join(root, name)), names: async () => (await readdir(root)).sort() };
}

/** A server whose uploads land in memory, so that no disk is waited for. */
async function inMemory(options: TftpServerOptions = {}, sink: Partial<UploadSink> = {}) {
  const chunks: Uint8Array[] = [];
  const events: string[] = [];
  const made = await rig({
    writeHandler: () => ({
      write: (chunk) => void chunks.push(chunk.slice()),
      commit: () => void events.push('commit'),
      abort: ({ code }) => void events.push(`abort ${code}`),
      ...sink,
    }),
    ...options,
  });
  return { ...made, events, received: () => Buffer.concat(chunks) };
}

async function settled(client: Peer, work: Promise<string[]>): Promise<string[]> {
  const answers = await work;
  return answers.length > 0 ? answers : arrival(client);
}

const block = (number: number, length = 512): Uint8Array => pattern(length, number);

describe('uploads', () => {
  it('108: answers with ACK 0, or with an OACK where options were asked for', async () => {
    const { peer } = await inMemory();
    const client = await peer();
    expect(await client.wrq('u')).toEqual(['ACK 0']);
    expect(client.answeredFrom!.port).not.toBe(69);
    expect(await (await peer()).wrq('v', { blksize: 1024 })).toEqual(['OACK blksize=1024']);
  });

  it('109: refuses uploads unless they are switched on', async () => {
    const { peer, names } = await setup({ uploads: false });
    const client = await peer();
    expect(await settled(client, client.wrq('new'))).toEqual(['ERROR 2 "Access violation"']);
    expect(await names()).toEqual(['old']);
  });

  it('110: refuses to replace a file where that is not allowed', async () => {
    const { peer, read } = await setup({ uploads: true });
    const client = await peer();
    expect(await settled(client, client.wrq('old'))).toEqual(['ERROR 6 "File already exists"']);
    expect((await read('old')).toString()).toBe('old content');
  });

  it('111: leaves the old file alone until the new one is whole', async () => {
    const { peer, read, records } = await setup();
    const client = await peer();
    expect(await settled(client, client.wrq('old'))).toEqual(['ACK 0']);
    await client.data(1, block(1));
    expect((await read('old')).toString()).toBe('old content');
    expect(await settled(client, client.data(2, block(2, 10)))).toContain('ACK 2');
    expect(await read('old')).toHaveLength(522);
    expect(records).toMatchObject([{ outcome: 'complete', bytes: 522 }]);
  });

  it('112: removes what came of an aborted upload, or keeps it beside where asked', async () => {
    const { peer, names, read } = await setup();
    const client = await peer();
    await settled(client, client.wrq('old'));
    await client.data(1, block(1));
    await client.error(0);
    await arrival(client);
    expect(await names()).toEqual(['old']);
    expect((await read('old')).toString()).toBe('old content');
    const keeping = await setup({ uploads: { keepPartial: true } });
    const other = await keeping.peer();
    await settled(other, other.wrq('new'));
    await other.data(1, block(1));
    await other.error(0);
    await arrival(other);
    expect(await keeping.names()).toEqual(['new.partial-1', 'old']);
  });

  it('113: acknowledges a block when it was taken, and again when it is repeated', async () => {
    let take!: () => void;
    const { peer, received } = await inMemory({}, {});
    const client = await peer();
    await client.wrq('u');
    expect(await client.data(1, block(1))).toEqual(['ACK 1']);
    expect(await client.data(1, block(1))).toEqual(['ACK 1']);
    expect(received()).toHaveLength(512);
    const slow = await inMemory({}, { write: () => new Promise<void>((resolve) => (take = resolve)) });
    const patient = await slow.peer();
    await patient.wrq('u');
    expect(await patient.data(1, block(1))).toEqual([]);
    take();
    expect(await patient.wait(0)).toEqual(['ACK 1']);
  });

  it('114: never acknowledges old numbers', async () => {
    const { peer } = await inMemory();
    const client = await peer();
    await client.wrq('u');
    for (const number of [1, 2, 3]) await client.data(number, block(number));
    expect(await client.data(1, block(1))).toEqual([]);
    expect(await client.data(2, block(2))).toEqual([]);
    expect(await client.data(3, block(3))).toEqual(['ACK 3']);
    expect(await client.data(3, block(3))).toEqual(['ACK 3']);
  });

  it('115: ignores a block that is ahead; with windows it reports the gap once', async () => {
    const { peer } = await inMemory();
    const client = await peer();
    await client.wrq('u');
    expect(await client.data(2, block(2))).toEqual([]);
    const windowed = await peer();
    await windowed.wrq('w', { windowsize: 4 });
    await windowed.data(1, block(1));
    expect(await windowed.data(3, block(3))).toEqual(['ACK 1']);
    expect(await windowed.data(4, block(4))).toEqual([]);
    expect(await windowed.data(2, block(2))).toEqual([]);
    expect(await windowed.data(4, block(4))).toEqual(['ACK 2']);
  });

  it('116: refuses a payload that is longer than a block', async () => {
    const { peer, events, records } = await inMemory();
    const client = await peer();
    await client.wrq('u');
    expect(await client.data(1, block(1, 600))).toEqual(['ERROR 4 "Block is longer than agreed"']);
    await client.wait(0);
    expect(events).toEqual(['abort TFTP_ILLEGAL_OPERATION']);
    expect(records).toMatchObject([{ outcome: 'failed' }]);
  });

  it('117: commits, then acknowledges the last block, then stays for repetitions', async () => {
    let commit!: () => void;
    const { peer, records, network } = await inMemory({}, { commit: () => new Promise<void>((resolve) => (commit = resolve)) });
    const client = await peer();
    await client.wrq('u');
    expect(await client.data(1, block(1, 100))).toEqual([]);
    expect(records).toEqual([]);
    commit();
    expect(await client.wait(0)).toEqual(['ACK 1']);
    expect(records).toMatchObject([{ outcome: 'complete' }]);
    expect(await client.wait(2000)).toEqual([]);
    expect(await client.data(1, block(1, 100))).toEqual(['ACK 1']);
    await client.wait(10_000);
    expect(await client.data(1, block(1, 100))).toEqual([]);
    expect(network.openPorts).toBe(2);
  });

  it('118: acknowledges each window and the end, and asks again when the client is silent', async () => {
    const { peer, received } = await inMemory();
    const client = await peer();
    await client.wrq('u', { windowsize: 3 });
    expect(await client.data(1, block(1))).toEqual([]);
    expect(await client.data(2, block(2))).toEqual([]);
    expect(await client.data(3, block(3))).toEqual(['ACK 3']);
    expect(await client.data(4, block(4))).toEqual([]);
    expect((await client.wait(1000)).slice(0, 1)).toEqual(['ACK 4']);
    expect(await client.data(5, block(5, 9))).toEqual(['ACK 5']);
    expect(received()).toHaveLength(4 * 512 + 9);
  });

  it.each([0, 1] as const)('119: counts on with %i after block 65535', async (rollover) => {
    const { peer, received } = await inMemory();
    const client = await peer();
    await client.wrq('u', rollover === 0 ? { blksize: 8, windowsize: 64 } : { blksize: 8, windowsize: 64, rollover });
    for (let number = 1; number <= 65_540; number += 1) {
      const wire = rollover === 0 ? number & 0xffff : ((number - 1) % 65_535) + 1;
      client.post(wire, block(1, number === 65_540 ? 3 : 8));
      if (number % 64 === 0 || number === 65_540) await client.wait(0);
    }
    expect(received()).toHaveLength(65_539 * 8 + 3);
  });

  it('120: refuses an upload that grows too large, and removes it', async () => {
    const { peer, names } = await setup({ uploads: { maxBytes: 1000 } });
    const client = await peer();
    await settled(client, client.wrq('new'));
    await client.data(1, block(1));
    expect(await client.data(2, block(2))).toEqual(['ERROR 3 "File is too large"']);
    await arrival(client);
    expect(await names()).toEqual(['old']);
  });

  it('120: passes a full disk on at once', async () => {
    const { peer } = await inMemory({}, { write: () => Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })) });
    const client = await peer();
    await client.wrq('u');
    expect(await client.data(1, block(1))).toEqual(['ERROR 3 "Disk full or allocation exceeded"']);
  });

  it('121: notes a size that is not the announced one, or refuses the upload', async () => {
    const { peer, records } = await inMemory();
    const client = await peer();
    await client.wrq('u', { tsize: 99 });
    expect(await client.data(1, block(1, 100))).toEqual(['ACK 1']);
    expect(records).toMatchObject([{ outcome: 'complete', sizeMismatch: true }]);
    const strict = await inMemory({ uploads: { sizeMismatch: 'reject' } });
    const other = await strict.peer();
    await other.wrq('u', { tsize: 99 });
    expect(await other.data(1, block(1, 100))).toEqual(['ERROR 0 "Size is not the announced one"']);
    expect(strict.events).toEqual(['abort TFTP_SIZE_MISMATCH']);
  });

  it('122: runs one transfer for a repeated request, and refuses a second client for the same file', async () => {
    const { peer, server } = await setup();
    const client = await peer();
    await settled(client, client.wrq('new'));
    expect(await client.wrq('new')).toEqual(['ACK 0']);
    expect(server.stats().requests).toBe(1);
    const second = await peer();
    expect(await settled(second, second.wrq('new'))).toEqual(['ERROR 0 "File is being uploaded"']);
    expect(await settled(client, client.data(1, block(1, 5)))).toEqual(['ACK 1']);
  });

  it('123: makes an empty file of an empty upload', async () => {
    const { peer, read } = await setup();
    const client = await peer();
    await settled(client, client.wrq('new'));
    expect(await settled(client, client.data(1, block(1, 0)))).toEqual(['ACK 1']);
    expect(await read('new')).toHaveLength(0);
  });

  it('124: makes no folders unless they are allowed', async () => {
    const { peer, names } = await setup();
    const client = await peer();
    expect(await settled(client, client.wrq('a/b/new'))).toEqual(['ERROR 1 "File not found"']);
    expect(await names()).toEqual(['old']);
    const making = await setup({ uploads: { createFolders: true } });
    const other = await making.peer();
    expect(await settled(other, other.wrq('a/b/new'))).toEqual(['ACK 0']);
    expect(await settled(other, other.data(1, block(1, 5)))).toEqual(['ACK 1']);
    expect(await making.read('a/b/new')).toHaveLength(5);
  });

  it('89: turns netascii back into text, also across blocks', async () => {
    const { peer, received } = await inMemory();
    const client = await peer();
    await client.wrq('u', {}, 'netascii');
    await client.data(1, Buffer.from(`${'x'.repeat(511)}\r`));
    await client.data(2, Buffer.from('\ny\r\0z\r\n'));
    expect(received().toString()).toBe(`${'x'.repeat(511)}\ny\rz\n`);
  });

  it('leaves no file behind when a folder takes the name meanwhile', async () => {
    const { peer, names, root } = await setup();
    const client = await peer();
    await settled(client, client.wrq('new'));
    await mkdir(join(root, 'new'));
    expect(await settled(client, client.data(1, block(1, 5)))).toEqual(['ERROR 2 "Access violation"']);
    await arrival(client);
    expect(await names()).toEqual(['new', 'old']);
  });
});
