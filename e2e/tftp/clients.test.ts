// Clients that someone else wrote against our server, and our client against servers that someone else wrote.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTftpServer, get, put, type TftpServer, type TftpServerOptions, type TransferRecord } from '@pxekit/tftp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peers } from '../../bench/tftp/peers.mjs';
import { createLan, type Namespace } from '../lib/netns.js';
import { missing } from '../lib/requirements.js';

const START = fileURLToPath(new URL('../../packages/cli/src/start.ts', import.meta.url));
const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'pxekit-tftp-clients-'));
const root = join(folder, 'root');
mkdirSync(root);
// Some servers run as nobody.
chmodSync(folder, 0o755);
chmodSync(root, 0o777);
afterAll(() => rmSync(folder, { recursive: true }));

const content = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 13 + (index >> 9)) & 0xff);
writeFileSync(join(root, 'big.bin'), content);
writeFileSync(join(root, 'empty'), '');
writeFileSync(join(root, 'text'), 'one\ntwo\n');

/** Runs a program to its end; it may fail, the test says what it expects. */
function run(program: string, args: readonly string[], input = ''): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: folder, timeout: 30_000 });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
    child.stdin.end(input);
  });
}

const local = (name: string): Buffer => readFileSync(join(folder, name));
const MODES: [string, TftpServerOptions][] = [
  ['a port per transfer, fast path', {}],
  ['a port per transfer, plain path', { fastPath: 'off' }],
  ['one port, fast path', { singlePort: true }],
  ['one port, plain path', { singlePort: true, fastPath: 'off' }],
];

describe.each(MODES)('our server with %s', (_name, options) => {
  let server: TftpServer;
  let port: string;
  let records: TransferRecord[] = [];

  beforeAll(async () => {
    server = createTftpServer({
      root,
      host: '127.0.0.1',
      port: 0,
      uploads: { overwrite: true },
      onFinish: (record) => records.push(record),
      ...options,
    });
    port = String((await server.listen())[0]!.port);
  });
  afterAll(() => server.close());
  const last = (): TransferRecord => records.at(-1)!;

  it.skipIf(missing('curl', { programs: ['curl'], root: false }))('serves curl, also an empty file and one that is not there', async () => {
    records = [];
    expect((await run('curl', ['-s', '-o', 'c1', `tftp://127.0.0.1:${port}/big.bin`])).code).toBe(0);
    expect(Buffer.compare(local('c1'), content)).toBe(0);
    expect((await run('curl', ['-s', '--tftp-blksize', '1428', '-o', 'c2', `tftp://127.0.0.1:${port}/big.bin`])).code).toBe(0);
    expect(Buffer.compare(local('c2'), content)).toBe(0);
    expect((await run('curl', ['-s', '--tftp-no-options', '-o', 'c3', `tftp://127.0.0.1:${port}/text`])).code).toBe(0);
    expect(local('c3').toString()).toBe('one\ntwo\n');
    expect((await run('curl', ['-s', '-o', 'c4', `tftp://127.0.0.1:${port}/empty`])).code).toBe(0);
    expect((await run('curl', ['-s', `tftp://127.0.0.1:${port}/none`])).code).toBe(68);
    expect((await run('curl', ['-s', '-T', 'c1', `tftp://127.0.0.1:${port}/up-curl`])).code).toBe(0);
    expect(Buffer.compare(readFileSync(join(root, 'up-curl')), content)).toBe(0);
  });

  it.skipIf(missing('tftp-hpa', { programs: ['tftp'], root: false }))(
    'serves tftp-hpa, and does not answer its ACK of an ERROR',
    async () => {
      records = [];
      await run('tftp', ['-m', 'binary', '127.0.0.1', port, '-c', 'get', 'big.bin', 'h1']);
      expect(Buffer.compare(local('h1'), content)).toBe(0);
      await run('tftp', ['-m', 'netascii', '127.0.0.1', port, '-c', 'get', 'text', 'h2']);
      expect(local('h2').toString()).toBe('one\ntwo\n');
      const { output } = await run('tftp', ['-m', 'binary', '127.0.0.1', port, '-c', 'get', 'none', 'h3']);
      expect(output).toContain('File not found');
      expect(last()).toMatchObject({ outcome: 'refused', path: 'none' });
      await run('tftp', ['-m', 'binary', '127.0.0.1', port, '-c', 'put', 'h1', 'up-hpa']);
      expect(Buffer.compare(readFileSync(join(root, 'up-hpa')), content)).toBe(0);
    },
  );

  it.skipIf(missing('atftp', { programs: ['atftp'], root: false }))('serves atftp with every option, both ways', async () => {
    records = [];
    const asked = ['--option', 'blksize 1428', '--option', 'windowsize 8', '--option', 'tsize 0', '--option', 'timeout 2'];
    expect((await run('atftp', [...asked, '-g', '-r', 'big.bin', '-l', 'a1', '127.0.0.1', port])).code).toBe(0);
    expect(Buffer.compare(local('a1'), content)).toBe(0);
    expect(last().granted).toMatchObject({ blksize: '1428', windowsize: '8', timeout: '2' });
    expect((await run('atftp', [...asked.slice(0, 4), '-p', '-l', 'a1', '-r', 'up-atftp', '127.0.0.1', port])).code).toBe(0);
    expect(Buffer.compare(readFileSync(join(root, 'up-atftp')), content)).toBe(0);
  });

  it.skipIf(missing('busybox tftp', { programs: ['busybox'], root: false }))('serves busybox, both ways', async () => {
    records = [];
    for (const block of ['512', '1428', '8192']) {
      expect((await run('busybox', ['tftp', '-g', '-b', block, '-r', 'big.bin', '-l', 'b1', '127.0.0.1', port])).code).toBe(0);
      expect(Buffer.compare(local('b1'), content)).toBe(0);
    }
    expect((await run('busybox', ['tftp', '-p', '-l', 'b1', '-r', 'up-busybox', '127.0.0.1', port])).code).toBe(0);
    expect(Buffer.compare(readFileSync(join(root, 'up-busybox')), content)).toBe(0);
  });

  it('serves our own client with windows', async () => {
    const { data, record } = await get(`tftp://127.0.0.1:${port}/big.bin`, { windowSize: 32 });
    expect(Buffer.compare(data, content)).toBe(0);
    expect(record.windowSize).toBe(32);
    await put(`tftp://127.0.0.1:${port}/up-own`, content, { windowSize: 8 });
    expect(Buffer.compare(readFileSync(join(root, 'up-own')), content)).toBe(0);
  });
});

const others = missing('servers of others', { programs: ['apt-get', 'dpkg-deb'] }) ? undefined : peers();

describe.skipIf(!others)('our client', () => {
  it.each(['tftpd-hpa', 'atftpd', 'dnsmasq-base'])('fetches from %s', async (name) => {
    if (!others!.found[name]) {
      console.warn(`skipped: ${name}: the package cannot be had here`);
      return;
    }
    const server = await others!.start(name, 40_169, root);
    try {
      for (const options of [
        {},
        { windowSize: 1 },
        { blockSize: false, windowSize: false, tsize: false },
        { blockSize: 1024, timeout: 2 },
      ] as const) {
        const { data } = await get(`tftp://127.0.0.1:${server.port}/big.bin`, options);
        expect(Buffer.compare(data, content)).toBe(0);
      }
      await expect(get(`tftp://127.0.0.1:${server.port}/none`)).rejects.toMatchObject({ wireCode: 1 });
      if (name === 'dnsmasq-base') return;
      writeFileSync(join(root, `to-${name}`), '');
      chmodSync(join(root, `to-${name}`), 0o666);
      await put(`tftp://127.0.0.1:${server.port}/to-${name}`, content, { windowSize: 4 });
      await expect.poll(() => readFileSync(join(root, `to-${name}`)).length, { timeout: 5000 }).toBe(content.length);
    } finally {
      await server.stop();
    }
  });
});

/** Starts the command in a namespace, and waits until it serves. */
function serveIn(namespace: Namespace, ...args: string[]): Promise<ChildProcess> {
  const server = namespace.spawn(
    process.execPath,
    ['--conditions=@pxekit/source', '--import', 'tsx', START, 'tftp', 'serve', root, '--host', '::', ...args],
    { cwd: REPOSITORY, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  return new Promise((resolve, reject) => {
    server.stderr!.on('data', (text) => String(text).includes('serving') && resolve(server));
    server.on('close', () => reject(new Error('the server ended early')));
  });
}

describe.skipIf(missing('link-local addresses', { programs: ['ip', 'curl'] }))('link-local addresses', () => {
  it.each([[[]], [['--single-port']], [['--no-fast-path']]])('of peers keep their link: %s', async (args) => {
    const lan = createLan({ address: '10.77.0.1/24' });
    let server: ChildProcess | undefined;
    try {
      const host = lan.addHost('client', { address: '10.77.0.2/24' });
      lan.server.ip('address', 'add', 'fe80::69/64', 'dev', 'br0', 'nodad');
      host.ip('address', 'add', 'fe80::70/64', 'dev', 'eth0', 'nodad');
      server = await serveIn(lan.server, ...args);
      host.run('curl', ['-s', '--tftp-blksize', '512', '-o', join(folder, 'linked'), 'tftp://[fe80::69%25eth0]/big.bin']);
      expect(Buffer.compare(local('linked'), content)).toBe(0);
      const client = ['--conditions=@pxekit/source', '--import', 'tsx', START, 'tftp', 'get', '--out', join(folder, 'fetched')];
      host.run('sh', [
        '-c',
        'cd "$1" && shift && exec "$@"',
        'sh',
        REPOSITORY,
        process.execPath,
        ...client,
        'tftp://[fe80::69%25eth0]/big.bin',
      ]);
      expect(Buffer.compare(local('fetched'), content)).toBe(0);
    } finally {
      server?.kill();
      lan.remove();
    }
  });
});
