import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pxekit-ks-tools-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  return path;
}

describe('pxekit ks fmt', () => {
  it('prints one style, or changes the files', async () => {
    const path = await file('a.ks', 'lang   en_US\r\n');
    expect((await runCli(['ks', 'fmt', path])).stdout).toBe('lang en_US\n');
    expect(await runCli(['ks', 'fmt', '--check', path])).toMatchObject({ code: 1, stdout: `${path}\n` });
    expect((await runCli(['ks', 'fmt', '--write', folder])).code).toBe(0);
    expect(await readFile(path, 'utf8')).toBe('lang en_US\n');
    expect((await runCli(['ks', 'fmt', '--check', path])).code).toBe(0);
    expect((await runCli(['ks', 'fmt', '-'], 'a  b')).stdout).toBe('a b\n');
    expect((await runCli(['ks', 'fmt', '--write', '-'], 'a  b')).code).toBe(2);
    expect(JSON.parse((await runCli(['ks', 'fmt', '--json', path])).stdout)).toEqual({ file: path, changed: false, text: 'lang en_US\n' });
  });
});

describe('pxekit ks flatten', () => {
  it('puts files in place and says where lines came from', async () => {
    const part = await file('sub/part.ks', '# part\nreboot');
    const main = await file('main.ks', 'text\n%include sub/part.ks\n%include /tmp/made-later.ks\n');
    const plain = await runCli(['ks', 'flatten', main]);
    expect(plain).toMatchObject({ code: 0, stdout: 'text\n# part\nreboot\n%include /tmp/made-later.ks\n' });
    expect(plain.stderr).toContain('ks/include-not-found');
    const origins = await runCli(['ks', 'flatten', '--origins', main]);
    expect(origins.stdout.split('\n').slice(1, 3)).toEqual([`${part}:1: # part`, `${part}:2: reboot`]);
    const json = JSON.parse((await runCli(['ks', 'flatten', '--json', main])).stdout);
    expect(json.lines[2]).toEqual({ file: part, line: 2 });
  });

  it('ends with 1 when a file includes itself', async () => {
    const main = await file('main.ks', '%include main.ks\n');
    expect(await runCli(['ks', 'flatten', main])).toMatchObject({ code: 1, stderr: expect.stringContaining('ks/include-cycle') });
  });

  it('reads over HTTP', async () => {
    const server = createServer(({ url }, response) => {
      const text = { '/ks/main.ks': '%include part.ks\n', '/ks/part.ks': 'reboot\n' }[url ?? ''];
      response.writeHead(text === undefined ? 404 : 200).end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ks`;
    expect((await runCli(['ks', 'flatten', `${base}/main.ks`])).stdout).toBe('reboot\n');
    expect((await runCli(['ks', 'flatten', `${base}/none.ks`])).code).toBe(2);
    await new Promise((resolve) => server.close(resolve));
    const main = await file('main.ks', `text\n%include ${base}/part.ks\nreboot\n`);
    const { code, stdout, stderr } = await runCli(['ks', 'flatten', main]);
    expect([code, stdout]).toEqual([1, `text\n%include ${base}/part.ks\nreboot\n`]);
    expect(stderr).toContain(`${base}/part.ks cannot be fetched: `);
  });
});

describe('pxekit ks migrate', () => {
  it('prints the steps, and ends with 1 when a person has to decide', async () => {
    const path = await file('a.ks', 'install\ntimezone --isUtc Etc/UTC\n');
    const good = await runCli(['ks', 'migrate', '--from', 'centos7', '--to', 'rocky9', path]);
    expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining('RHEL 7 to RHEL 9, 2 safe, 0 to review, 0 manual') });
    const bad = await file('b.ks', 'harddrive --biospart=80p1 --dir=/\n');
    expect(await runCli(['ks', 'migrate', '--from', 'RHEL8', '--to', 'RHEL9', bad])).toMatchObject({ code: 1 });
    expect(await runCli(['ks', 'migrate', '--from', 'RHEL8', '--to', 'RHEL9', '--print', bad])).toMatchObject({
      code: 1,
      stdout: 'harddrive --biospart=80p1 --dir=/\n',
      stderr: expect.stringContaining(`${bad}:1: manual: harddrive`),
    });
  });

  it('prints or writes the changed text', async () => {
    const path = await file('a.ks', 'auth --enableshadow\ninstall\n');
    const args = ['ks', 'migrate', '--from', 'RHEL7', '--to', 'RHEL9', path];
    expect((await runCli([...args, '--print'])).stdout).toBe('authselect select sssd --force\n');
    expect((await runCli([...args, '--print', '--safe'])).stdout).toBe('auth --enableshadow\n');
    const json = JSON.parse((await runCli([...args, '--json'])).stdout);
    expect(json.steps.map(({ level, line }: { level: string; line: number }) => `${level} ${line}`)).toEqual(['review 1', 'safe 2']);
    await runCli([...args, '--write']);
    expect(await readFile(path, 'utf8')).toBe('authselect select sssd --force\n');
  });

  it('takes the release from the file, or asks for it', async () => {
    const path = await file('a.ks', '#version=RHEL7\ninstall\n');
    expect((await runCli(['ks', 'migrate', '--to', 'RHEL9', path])).stdout).toContain('RHEL 7 to RHEL 9');
    const silent = await file('b.ks', 'lang en_US\n');
    expect(await runCli(['ks', 'migrate', '--to', 'RHEL9', silent])).toMatchObject({ code: 2, stderr: expect.stringContaining('--from') });
    expect((await runCli(['ks', 'migrate', '--to', 'windows', path])).code).toBe(2);
  });
});

describe('pxekit ks diff', () => {
  it('tells what changed between two releases', async () => {
    const { code, stdout } = await runCli(['ks', 'diff', 'centos7', 'rocky9']);
    expect(code).toBe(0);
    expect(stdout).toContain('install\n  - RHEL 9 has no "install"');
    expect(JSON.parse((await runCli(['ks', 'diff', '--json', 'RHEL9', 'RHEL9'])).stdout)).toEqual([]);
    expect((await runCli(['ks', 'diff', 'RHEL9', 'x'])).code).toBe(2);
  });
});
