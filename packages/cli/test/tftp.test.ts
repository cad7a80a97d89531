import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTftpServer, type TftpServer } from '@pxekit/tftp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';

let folder: string;
let server: TftpServer;
let port: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pxekit-cli-tftp-'));
  server = createTftpServer({ host: '127.0.0.1', port: 0, files: { 'hello.txt': 'Hello\n' }, root: folder, uploads: true });
  port = (await server.listen())[0]!.port;
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

describe('pxekit tftp', () => {
  it('prints a file to standard output', async () => {
    const { code, stdout } = await runCli(['tftp', 'get', `tftp://127.0.0.1:${port}/hello.txt`, '--out', '-']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Hello\n' });
  });

  it('writes a file and prints its record as JSON', async () => {
    const out = join(folder, 'copy.txt');
    const { code, stdout } = await runCli(['tftp', 'get', '127.0.0.1', 'hello.txt', '--port', String(port), '--out', out, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'complete', bytes: 6, filename: 'hello.txt' });
    expect(await readFile(out, 'utf8')).toBe('Hello\n');
  });

  it('sends a file', async () => {
    const file = join(folder, 'local.cfg');
    await writeFile(file, 'hostname switch\n');
    const { code } = await runCli(['tftp', 'put', file, `tftp://127.0.0.1:${port}/remote.cfg`]);
    expect(code).toBe(0);
    expect(await readFile(join(folder, 'remote.cfg'), 'utf8')).toBe('hostname switch\n');
  });

  it('ends with 1 and the reason when the file is not there', async () => {
    const { code, stderr } = await runCli(['tftp', 'get', `tftp://127.0.0.1:${port}/none`, '--out', '-']);
    expect(code).toBe(1);
    expect(stderr).toContain('File not found');
  });

  it('ends with 1 and the reason when nobody listens there', async () => {
    const closed = createSocket('udp4');
    await new Promise<void>((resolve) => closed.bind(0, '127.0.0.1', resolve));
    const { port: free } = closed.address();
    await new Promise<void>((resolve) => closed.close(resolve));
    const { code, stderr } = await runCli(['tftp', 'get', `127.0.0.1:${free}`, 'x', '--out', '-']);
    expect(code).toBe(1);
    expect(stderr).toContain(`Nobody listens on 127.0.0.1 port ${free}`);
  });

  it('says who to ask when the port is in use', async () => {
    const { code, stderr } = await runCli(['tftp', 'serve', folder, '--host', '127.0.0.1', '--port', String(port)]);
    expect(code).toBe(1);
    expect(stderr).toContain('--port');
  });

  it('ends with 2 for a block size that cannot be', async () => {
    const { code, stderr } = await runCli(['tftp', 'get', 'tftp://127.0.0.1/x', '--blksize', '4']);
    expect(code).toBe(2);
    expect(stderr).toContain('Expected 8 to 65464');
  });

  it('takes host:port, and names file and host in what fails', async () => {
    expect(await runCli(['tftp', 'get', `127.0.0.1:${port}`, 'hello.txt', '--out', '-'])).toMatchObject({ code: 0, stdout: 'Hello\n' });
    const { stderr } = await runCli(['tftp', 'get', `127.0.0.1:${port}`, 'none', '--out', '-']);
    expect(stderr).toContain('127.0.0.1 none: File not found');
  });

  it('ends with 2 for a host without a file, folders in place of files and ports the wrong way round', async () => {
    const url = `tftp://127.0.0.1:${port}/hello.txt`;
    expect(await runCli(['tftp', 'get', '127.0.0.1'])).toMatchObject({ code: 2, stderr: expect.stringContaining('no file is named') });
    expect(await runCli(['tftp', 'get', url, '--out', folder])).toMatchObject({ code: 2, stderr: expect.stringContaining('is a folder') });
    expect(await runCli(['tftp', 'put', folder, url])).toMatchObject({ code: 2, stderr: expect.stringContaining('is a folder') });
    const file = join(folder, 'local.cfg');
    expect(await runCli(['tftp', 'serve', file])).toMatchObject({ code: 2, stderr: expect.stringContaining('is not a folder') });
    expect(await runCli(['tftp', 'serve', folder, '--port-range', '5:4'])).toMatchObject({ code: 2 });
  });

  it('writes into a device, and sends standard input', async () => {
    const { code, stdout } = await runCli(['tftp', 'get', `tftp://127.0.0.1:${port}/hello.txt`, '--out', '/dev/null', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'complete', bytes: 6 });
    expect(await runCli(['tftp', 'put', '-', `tftp://127.0.0.1:${port}/stdin.cfg`], 'from a pipe')).toMatchObject({ code: 0 });
    expect(await readFile(join(folder, 'stdin.cfg'), 'utf8')).toBe('from a pipe');
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const out = join(folder, 'interrupted');
    const silent = createSocket('udp4');
    await new Promise<void>((resolve) => silent.bind(0, '127.0.0.1', resolve));
    const asked = once(silent, 'message');
    const done = runCli(['tftp', 'get', `127.0.0.1:${silent.address().port}`, 'x', '--out', out]);
    await asked;
    process.emit('SIGINT');
    expect(await done).toMatchObject({ code: 130, stderr: expect.stringContaining('interrupted') });
    silent.close();
    expect((await readdir(folder)).filter((name) => name.includes('interrupted'))).toEqual([]);
  });
});
