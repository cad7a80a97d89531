import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pxekit-lint-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

describe('pxekit pxelinux lint', () => {
  it('shows findings with the lines around them and ends with 1', async () => {
    const { code, stdout, stderr } = await runCli(['pxelinux', 'lint', file('default', 'PROMPT 0\nTIMEOUT 5\n')]);
    expect(code).toBe(1);
    expect(stdout).toContain('> 2 | TIMEOUT 5');
    expect(stderr).toContain('0 errors, 1 warning, 0 remarks');
  });

  it('ends with 0 when there are remarks only', async () => {
    expect((await runCli(['pxelinux', 'lint', file('default', 'LABEL a\n KERNEL /k\n')])).code).toBe(0);
  });

  it('prints a line of JSON per finding', async () => {
    const path = file('default', 'TIMEOUT 5\n');
    const { stdout } = await runCli(['pxelinux', 'lint', '--json', path]);
    expect(JSON.parse(stdout)).toMatchObject({ code: 'pxelinux/timeout-seconds', severity: 'warning', source: path, line: 1, column: 9 });
  });

  it('prints SARIF', async () => {
    const { stdout } = await runCli(['pxelinux', 'lint', '--sarif', '-'], 'TIMEOUT 5\n');
    expect(JSON.parse(stdout).runs[0].results[0].ruleId).toBe('pxelinux/timeout-seconds');
  });

  it('writes fixes back and reports what is left', async () => {
    const path = file('default', 'TIMEOUT 5\nKERNEL k\n');
    const { stdout } = await runCli(['pxelinux', 'lint', '--fix', '--json', path]);
    expect(readFileSync(path, 'utf8')).toBe('TIMEOUT 50\nKERNEL k\n');
    expect(JSON.parse(stdout).code).toBe('pxelinux/outside-label');
  });

  it('switches rules off by option and by file', async () => {
    const config = file('lint.json', '{"rules": {"outside-label": "off"}}');
    const path = file('default', 'TIMEOUT 5\nKERNEL k\n');
    expect((await runCli(['pxelinux', 'lint', '--config', config, '--off', 'timeout-seconds', path])).code).toBe(0);
  });

  it.each([
    ['--syslinux', 'new'],
    ['--syslinux', '9'],
    ['--off', 'nope'],
    ['--off', 'toString'],
    ['--installer', 'foo9'],
    ['--max-warnings', '-1'],
    ['--root', 'no/such/folder'],
    ['--config', 'no/such/file'],
  ])('ends with 2 for %s %s', async (option, value) => {
    const { code, stderr } = await runCli(['pxelinux', 'lint', `${option}=${value}`, '-'], 'TIMEOUT 50\n');
    expect(code).toBe(2);
    expect(stderr).toContain(value);
  });

  it.each(['{"rules": {"nope": "off"}}', '{"rules": {"leading-slash": "loud"}}', '{'])('ends with 2 for the settings %s', async (text) => {
    const config = file('lint.json', text);
    const { code, stderr } = await runCli(['pxelinux', 'lint', '--config', config, '-'], 'TIMEOUT 50\n');
    expect(code).toBe(2);
    expect(stderr).toContain(config);
  });

  it('tells which file is not there and checks the others', async () => {
    const good = file('default', 'TIMEOUT 5\n');
    const { code, stdout, stderr } = await runCli(['pxelinux', 'lint', '--json', join(folder, 'none'), good]);
    expect(code).toBe(2);
    expect(stderr).toContain(join(folder, 'none'));
    expect(JSON.parse(stdout).source).toBe(good);
  });

  it('lets as many warnings pass as it is told to', async () => {
    const args = ['pxelinux', 'lint', file('default', 'TIMEOUT 5\n')];
    expect((await runCli(args)).code).toBe(1);
    expect((await runCli([...args, '--max-warnings', '1'])).code).toBe(0);
  });

  it('takes folders and patterns', async () => {
    file('pxelinux.cfg/default', 'TIMEOUT 5\n');
    file('pxelinux.cfg/01-52-54-00-12-34-56', 'TIMEOUT 5\n');
    file('a/isolinux.cfg', 'TIMEOUT 5\n');
    file('a/readme', 'TIMEOUT 5\n');
    const sources = async (...args: string[]) => {
      const { stdout } = await runCli(['pxelinux', 'lint', '--json', ...args]);
      return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).source.replace(`${folder}/`, '')]));
    };
    const all = ['a/isolinux.cfg', 'pxelinux.cfg/01-52-54-00-12-34-56', 'pxelinux.cfg/default'];
    expect(await sources(folder)).toEqual(all);
    expect(await sources(`${folder}/*/default`)).toEqual(['pxelinux.cfg/default']);
    expect(await sources('--root', folder, 'pxelinux.cfg')).toEqual([...all.slice(1), ...all.slice(1)].sort());
  });

  it('checks included files as parts of the configuration, each once', async () => {
    file('ldlinux.c32', '');
    file('pxelinux.cfg/default', 'DEFAULT b\nINCLUDE parts/txt.cfg\n');
    file('pxelinux.cfg/C0', 'INCLUDE parts/txt.cfg\n');
    const part = file('parts/txt.cfg', 'ONTIMEOUT b\nLABEL b\n KERNEL gone\n INITRD gone-too\nINCLUDE none.cfg\n');
    const { code, stdout } = await runCli(['pxelinux', 'lint', '--json', '--root', folder, 'pxelinux.cfg/default', 'pxelinux.cfg/C0']);
    const found = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(1);
    expect(found.map(({ code, source, line }) => `${code} ${source} ${line}`)).toEqual(
      [3, 4, 5].map((line) => `pxelinux/missing-file ${part} ${line}`),
    );
  });

  it('names what a boot tree lacks: the loader, the module and its libraries', async () => {
    const { code, stdout } = await runCli(['pxelinux', 'lint', '--root', folder, file('pxelinux.cfg/default', 'UI menu.c32\n')]);
    expect(code).toBe(1);
    expect(stdout).toContain('error pxelinux/missing-loader');
    expect(stdout).toContain('The module menu.c32 is not in the boot tree, nor is libutil.c32, which it needs');
  });

  it('knows what each installer reads from the tables of the kickstart package', async () => {
    const config = 'LABEL a\n KERNEL k\n APPEND inst.ks=x asknetwork quiet\n';
    const found = async (installer: string) => {
      const { stdout } = await runCli(['pxelinux', 'lint', '--json', '--installer', installer, '-'], config);
      return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).message]));
    };
    expect(await found('rhel6')).toEqual([expect.stringMatching(/rhel6 does not read inst\.ks; it reads ks$/)]);
    expect(await found('rhel9')).toEqual([expect.stringMatching(/rhel9 does not read asknetwork/)]);
  });
});
