import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTftpServer, get, put, type TftpServer, type TftpServerOptions, type TransferRecord } from '@pxekit/tftp';
import { afterEach, describe, expect, it } from 'vitest';

const open: TftpServer[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function serve(options: TftpServerOptions) {
  const records: TransferRecord[] = [];
  const server = createTftpServer({ host: '127.0.0.1', port: 0, onFinish: (record) => records.push(record), ...options });
  open.push(server);
  const [address] = await server.listen();
  return { server, records, url: (name: string) => `tftp://127.0.0.1:${address!.port}/${name}` };
}

async function folder(files: Record<string, string | Uint8Array>) {
  const path = await mkdtemp(join(tmpdir(), 'pxekit-tftp-'));
  folders.push(path);
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  return path;
}

function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
}

describe('a server on real sockets', () => {
  it('sends a file from its root with negotiated options and tells what happened', async () => {
    const content = pattern(300_000);
    const { url, records } = await serve({ root: await folder({ 'a.bin': content }) });
    const { data, record } = await get(url('a.bin'), { blockSize: 1024, windowSize: 8 });
    expect(Buffer.compare(data, content)).toBe(0);
    expect(record).toMatchObject({
      outcome: 'complete',
      granted: { blksize: '1024', tsize: '300000', windowsize: '8' },
      bytes: 300_000,
      blocks: 293,
    });
    await expect.poll(() => records).toHaveLength(1);
    expect(records[0]).toMatchObject({ outcome: 'complete', path: 'a.bin', bytes: 300_000, blocks: 293 });
  });

  it('sends whole packets after a transfer with smaller ones on the same socket', async () => {
    const content = pattern(20_000);
    const { url } = await serve({ root: await folder({ 'a.bin': content }) });
    for (const blockSize of [512, 1400, 8, 1024, 65_464]) {
      for (const windowSize of [8, 1]) {
        const { data } = await get(url('a.bin'), { blockSize, windowSize });
        expect(Buffer.compare(data, content), `blksize ${blockSize}, windowsize ${windowSize}`).toBe(0);
      }
    }
  });

  it('grants blocks that the interface carries whole', async ({ skip }) => {
    skip(process.platform !== 'linux', 'the MTU of an interface is known on Linux only');
    const mtu = Number(await readFile('/sys/class/net/lo/mtu', 'latin1'));
    for (const fastPath of ['auto', 'off'] as const) {
      const { url } = await serve({ files: { f: pattern(200_000) }, fastPath });
      const { record } = await get(url('f'), { blockSize: 65_464 });
      expect(record).toMatchObject({ bytes: 200_000, blockSize: Math.min(65_464, mtu - 32) });
    }
  });

  it('joins a root folder, virtual files and a handler', async () => {
    const { url } = await serve({
      root: await folder({ 'real.txt': 'from disk' }),
      files: { 'pxelinux.cfg/default': 'DEFAULT linux\n' },
      handler: ({ path }) =>
        path === 'made.txt'
          ? (async function* () {
              yield 'made ';
              yield 'here';
            })()
          : undefined,
    });
    const text = async (name: string) => Buffer.from((await get(url(name))).data).toString();
    expect(await text('real.txt')).toBe('from disk');
    expect(await text('pxelinux.cfg/default')).toBe('DEFAULT linux\n');
    expect(await text('made.txt')).toBe('made here');
    await expect(get(url('missing.txt'))).rejects.toMatchObject({ code: 'TFTP_NOT_FOUND', wireCode: 1 });
    await expect(get(url('../etc/passwd'))).rejects.toMatchObject({ code: 'TFTP_ACCESS_VIOLATION', wireCode: 2 });
  });

  it('takes uploads when they are allowed, and replaces nothing otherwise', async () => {
    const root = await folder({ 'old.bin': 'old' });
    const { url } = await serve({ root, uploads: true });
    const content = pattern(100_001);
    expect(await put(url('new.bin'), content, { windowSize: 4 })).toMatchObject({ outcome: 'complete', bytes: 100_001 });
    expect(Buffer.compare(await readFile(join(root, 'new.bin')), content)).toBe(0);
    await expect(put(url('old.bin'), content)).rejects.toMatchObject({ code: 'TFTP_FILE_EXISTS' });
    expect(await readFile(join(root, 'old.bin'), 'utf8')).toBe('old');
    const closed = await serve({ root });
    await expect(put(closed.url('x'), content)).rejects.toMatchObject({ wireCode: 2 });
  });

  it('takes an upload again right after its peer aborted it', async () => {
    const { url } = await serve({ root: await folder({}), uploads: true });
    for (let round = 0; round < 5; round += 1) {
      const stop = new AbortController();
      const first = put(url('again.bin'), pattern(5_000_000), { signal: stop.signal, onProgress: () => stop.abort(), progressInterval: 0 });
      await expect(first).rejects.toMatchObject({ code: 'TFTP_ABORTED' });
      await expect(put(url('again.bin'), 'whole')).resolves.toMatchObject({ outcome: 'complete' });
      await rm(join(folders.at(-1)!, 'again.bin'));
    }
  });

  it('serves everything from one port in single-port mode', async () => {
    const content = pattern(50_000);
    const { url, server } = await serve({ files: { a: content }, singlePort: true });
    const all = await Promise.all([get(url('a')), get(url('a'), { windowSize: 1 }), get(url('a'), { blockSize: 8000 })]);
    for (const { data, record } of all) {
      expect(Buffer.compare(data, content)).toBe(0);
      expect(record.peer.port).toBe(server.addresses[0]!.port);
    }
  });

  it('gives up at once where nobody listens, over IPv4 and IPv6, and waits for a server that is slow', async () => {
    for (const host of ['127.0.0.1', '::1']) {
      const closed = createTftpServer({ host, port: 0 });
      const [address] = await closed.listen();
      await closed.close();
      const gone = { host, port: address!.port, filename: 'f' };
      await expect(get(gone, { localAddress: host })).rejects.toMatchObject({ code: 'TFTP_UNREACHABLE', wireCode: 0 });
      await expect(put(gone, 'content')).rejects.toMatchObject({ code: 'TFTP_UNREACHABLE' });
    }
    const slow = async () => {
      await expect.poll(() => server.stats().dropped.unexpected).toBe(1);
      return 'here';
    };
    const { url, server } = await serve({ files: { slow } });
    expect(Buffer.from((await get(url('slow'))).data).toString()).toBe('here');
    expect(server.stats()).toMatchObject({ requests: 1, dropped: { unexpected: 1 } });
  });

  it.each([
    { fastPath: 'auto', singlePort: false },
    { fastPath: 'auto', singlePort: true },
    { fastPath: 'off', singlePort: false },
    { fastPath: 'off', singlePort: true },
  ] as const)('counts a transfer as complete when it is stopped right after the last data: %o', async (options) => {
    for (let round = 0; round < 7; round += 1) {
      const { server, url, records } = await serve({ files: { a: 'content' }, ...options });
      await get(url('a'));
      await server.close();
      expect(records).toMatchObject([{ outcome: 'complete', bytes: 7 }]);
    }
  });
});
