import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../packages/cli/test/run-cli.js';
import { parseConfig } from '../../packages/server/src/config/parse.js';

const guide = readFileSync(new URL('../guide.md', import.meta.url), 'utf8');
const section = (title: string) => guide.slice(guide.indexOf(`\n## ${title}`)).split(/\n## /)[1] as string;

/** The fenced blocks of a language in a text. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(([, name]) => name === language).map(([, , body]) => body as string);
}

/** The commands of a section that need no root. */
function commands(text: string): string[][] {
  const lines = blocks(text, 'sh').flatMap((block) => block.trim().split('\n'));
  return lines.filter((line) => line.startsWith('pxekit ')).map((line) => line.slice('pxekit '.length).split(' '));
}

const before = process.cwd();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pxekit-guide-'));
  process.chdir(folder);
});

afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

function put(name: string, content: string): void {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), content);
}

async function runAll(list: string[][]): Promise<string> {
  let output = '';
  for (const args of list) {
    const { code, stdout, stderr } = await runCli(args);
    expect({ args, code, stderr, stdout: code === 0 ? '' : stdout }).toEqual({ args, code: 0, stderr: '', stdout: '' });
    output += stdout;
  }
  return output;
}

describe('the guide', () => {
  it('shows the demonstration', async () => {
    expect(await runAll(commands(section('See it first')))).toContain('Every byte came over real sockets');
  });

  it('leads from an empty folder to a boot', async () => {
    const text = section('A new set-up');
    put('pxekit.yaml', blocks(text, 'yaml')[0] as string);
    put('web.ks.liquid', blocks(text, 'liquid')[0] as string);
    for (const name of ['vmlinuz', 'initrd.img']) put(`images/rocky9/images/pxeboot/${name}`, 'bytes');
    const output = await runAll(commands(text));
    expect(output).toContain('1 machine: 0 errors');
    expect(output).toMatch(/kickstart HTTP GET .*\/ks\/web1\n.*parsed and linted: 0 errors/);
  });

  it('leads from dhcpd.conf, xinetd.d/tftp, pxelinux.cfg/default and ks.cfg to a boot', async () => {
    cpSync(new URL('../../examples/classic', import.meta.url), folder, { recursive: true });
    for (const name of ['vmlinuz', 'initrd.img']) put(`tftpboot/centos7/${name}`, 'bytes');
    put('ks/ks.cfg', readFileSync('ks.cfg', 'utf8'));
    for (const [file, old, now] of [
      ['xinetd-tftp', '/var/lib/tftpboot', join(folder, 'tftpboot')],
      ['httpd.conf', '/var/www/ks', join(folder, 'ks')],
    ] as const) {
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll(old, now));
    }
    const output = await runAll(commands(section('Coming from dhcpd')));
    expect(output).toMatch(/ACK 192\.168\.7\.21/);
    expect(output).toMatch(/kickstart HTTP GET http:\/\/192\.168\.7\.1\/ks\/web1\n.*parsed and linted: 0 errors/);
    expect(output).not.toContain('NOT SUPPORTED');
  });
});

it('shows configurations that are good', () => {
  for (const page of ['../guide.md', '../server.md']) {
    for (const block of blocks(readFileSync(new URL(page, import.meta.url), 'utf8'), 'yaml'))
      expect(parseConfig(block).diagnostics).toEqual([]);
  }
});
