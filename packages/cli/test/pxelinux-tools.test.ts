import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pxekit-tools-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const MENU = 'UI menu.c32\nMENU TITLE Boot\nINCLUDE more.cfg\n';

describe('pxekit pxelinux fmt', () => {
  it('writes the file in one style', async () => {
    const path = file('a.cfg', 'label a\nkernel  k\n');
    expect(await runCli(['pxelinux', 'fmt', path])).toMatchObject({ code: 0, stdout: 'LABEL a\n  KERNEL k\n' });
    expect(readFileSync(path, 'utf8')).toBe('label a\nkernel  k\n');
    expect(await runCli(['pxelinux', 'fmt', '--write', root])).toMatchObject({ code: 0, stdout: `${path}\n` });
    expect(readFileSync(path, 'utf8')).toBe('LABEL a\n  KERNEL k\n');
  });

  it('only tells with --check', async () => {
    const path = file('a.cfg', 'label a\n');
    const { code, stdout } = await runCli(['pxelinux', 'fmt', '--check', path]);
    expect([code, stdout]).toEqual([1, `${path}\n`]);
    expect(readFileSync(path, 'utf8')).toBe('label a\n');
  });

  it('filters standard input', async () => {
    expect((await runCli(['pxelinux', 'fmt', '--keywords', 'lower', '--tab', '-'], 'LABEL a\nKERNEL k')).stdout).toBe(
      'label a\n\tkernel k\n',
    );
  });

  it('tells what changed in JSON', async () => {
    const path = file('a.cfg', 'LABEL a\n');
    expect(JSON.parse((await runCli(['pxelinux', 'fmt', '--json', path])).stdout)).toEqual({
      file: path,
      changed: false,
      text: 'LABEL a\n',
    });
  });

  it('ends with 2 where it cannot write, and does the other files', async () => {
    const path = file('a.cfg', 'label a\n');
    expect((await runCli(['pxelinux', 'fmt', '--write', '-'])).code).toBe(2);
    expect(await runCli(['pxelinux', 'fmt', join(root, 'none.cfg'), path])).toMatchObject({ code: 2, stdout: 'LABEL a\n' });
  });
});

describe('pxekit pxelinux preview', () => {
  beforeEach(() => {
    file('pxelinux.cfg/default', MENU);
    file('more.cfg', 'LABEL a\n MENU LABEL ^First\n KERNEL k\n');
  });

  it('shows the menu with its includes', async () => {
    const { stdout } = await runCli(['pxelinux', 'preview', '--root', root, 'pxelinux.cfg/default']);
    expect(stdout.split('\n')[3]).toMatch(/│ First +│/);
  });

  it.each([[['--menu', '99']], [['--select', '7']], [['--root', 'no/such/folder']]])('ends with 2 for %j', async (args) => {
    expect(await runCli(['pxelinux', 'preview', ...args, join(root, 'pxelinux.cfg/default')])).toMatchObject({ code: 2, stdout: '' });
  });

  it('prints JSON, ANSI and SVG', async () => {
    const path = join(root, 'pxelinux.cfg/default');
    expect(JSON.parse((await runCli(['pxelinux', 'preview', '--json', path])).stdout)).toMatchObject({ cols: 80, rows: 25 });
    expect((await runCli(['pxelinux', 'preview', '--as', 'ansi', path])).stdout).toContain('\u001b[0;1;36;44m');
    expect((await runCli(['pxelinux', 'preview', '--as', 'svg', path])).stdout).toMatch(/^<svg .*<\/svg>\n$/s);
  });
});

describe('pxekit pxelinux convert', () => {
  beforeEach(() => {
    file('pxelinux.cfg/default', MENU);
    file('more.cfg', 'LABEL a\n KERNEL k\n TEXT HELP\nhelp\n ENDTEXT\n');
  });

  it('writes GRUB and iPXE, and tells what is lost', async () => {
    const grub = await runCli(['pxelinux', 'convert', '--to', 'grub', '--root', root, 'pxelinux.cfg/default']);
    expect(grub.stdout).toContain("linux '/k'");
    expect(grub.stderr).toContain('lost: The help text of "a" (more.cfg:2)');
    expect(grub.code).toBe(0);
    expect((await runCli(['pxelinux', 'convert', '--to', 'ipxe', '--root', root, 'pxelinux.cfg/default'])).stdout).toContain('kernel /k');
  });

  it('ends with 1 when something is lost and --strict is given', async () => {
    expect((await runCli(['pxelinux', 'convert', '--strict', '--to', 'grub', '--root', root, 'pxelinux.cfg/default'])).code).toBe(1);
  });

  it('prints JSON', async () => {
    const args = ['--root', root, 'pxelinux.cfg/default'];
    const plain = JSON.parse((await runCli(['pxelinux', 'convert', '--to', 'json', ...args])).stdout);
    expect(plain).toMatchObject({ format: 'pxekit-boot-menu', default: 'a' });
    const wrapped = JSON.parse((await runCli(['pxelinux', 'convert', '--json', '--to', 'grub', ...args])).stdout);
    expect(Object.keys(wrapped)).toEqual(['text', 'lost']);
  });

  it('wants to know what to convert to', async () => {
    expect((await runCli(['pxelinux', 'convert', join(root, 'pxelinux.cfg/default')])).code).toBe(2);
  });
});

describe('pxekit pxelinux lint --root', () => {
  it('checks files against the tree and reads includes', async () => {
    file('pxelinux.cfg/default', 'UI menu.c32\nDEFAULT b\nINCLUDE more.cfg\nLABEL a\n KERNEL k\n');
    file('more.cfg', 'LABEL b\n KERNEL k\n');
    file('menu.c32', '');
    file('ldlinux.c32', '');
    const { stdout } = await runCli(['pxelinux', 'lint', '--json', '--root', root, 'pxelinux.cfg/default']);
    const codes = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).code);
    expect(codes).toEqual(['pxelinux/missing-module', 'pxelinux/missing-file', 'pxelinux/missing-file']);
  });
});
