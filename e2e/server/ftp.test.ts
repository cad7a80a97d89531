import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createFtpServer } from '@pxekit/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing } from '../lib/requirements.js';

const run = promisify(execFile);
const skip = missing('FTP with curl, wget and lftp', { programs: ['curl', 'wget', 'lftp'], root: false });

describe.skipIf(skip)('FTP clients', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pxekit-ftp-'));
  const content = Buffer.alloc(3_000_000, 'initrd');
  const path = join(folder, 'source');
  writeFileSync(path, content);
  const { size, mtime } = statSync(path);
  const file = { kind: 'file', path, size, modified: mtime } as const;
  const entry = { name: 'initrd.img', isFolder: false, size, modified: mtime };
  const server = createFtpServer({
    address: '127.0.0.1',
    port: 0,
    tree: {
      find(name) {
        if (name === '/pub/initrd.img') return file;
        if (name === '/pub') return { kind: 'folder', modified: mtime, entries: () => [entry] };
        if (name === '/')
          return { kind: 'folder', modified: mtime, entries: () => [{ name: 'pub', isFolder: true, size: 0, modified: mtime }] };
        return undefined;
      },
    },
  });
  let url = '';
  const target = join(folder, 'target');

  beforeAll(async () => {
    url = `ftp://127.0.0.1:${await server.start()}/pub/`;
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('curl fetches with EPSV and with PASV, resumes and lists', async () => {
    await run('curl', ['-sSf', '-o', target, `${url}initrd.img`]);
    expect(readFileSync(target).equals(content)).toBe(true);
    await run('curl', ['-sSf', '--disable-epsv', '-o', target, `${url}initrd.img`]);
    expect(readFileSync(target).equals(content)).toBe(true);
    writeFileSync(target, content.subarray(0, 1_234_567));
    await run('curl', ['-sSf', '-C', '-', '-o', target, `${url}initrd.img`]);
    expect(readFileSync(target).equals(content)).toBe(true);
    expect((await run('curl', ['-sSf', url])).stdout).toMatch(/^-r--r--r-- .* 3000000 .* initrd\.img\r?\n$/);
    expect((await run('curl', ['-sSfI', `${url}initrd.img`])).stdout).toContain('Content-Length: 3000000');
  });

  it('curl is refused an upload', async () => {
    await expect(run('curl', ['-sS', '-T', path, `${url}x`])).rejects.toMatchObject({ code: expect.any(Number) });
  });

  it('wget fetches, resumes and follows folders', async () => {
    await run('wget', ['-q', '-O', target, `${url}initrd.img`]);
    expect(readFileSync(target).equals(content)).toBe(true);
    const partial = join(folder, 'initrd.img');
    writeFileSync(partial, content.subarray(0, 1_234_567));
    await run('wget', ['-q', '-c', `${url}initrd.img`], { cwd: folder });
    expect(readFileSync(partial).equals(content)).toBe(true);
    await run('wget', ['-q', '-r', '-nH', '-P', join(folder, 'mirror'), url.replace(/pub\/$/, '')]);
    expect(readFileSync(join(folder, 'mirror/pub/initrd.img')).equals(content)).toBe(true);
  });

  it('lftp mirrors a folder', async () => {
    await run('lftp', ['-c', `set net:max-retries 1; mirror ${url} ${join(folder, 'lftp')}`]);
    expect(readFileSync(join(folder, 'lftp/initrd.img')).equals(content)).toBe(true);
  });
});
