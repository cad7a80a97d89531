import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pxekit-lint-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
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

  it('refuses a version that is none', async () => {
    expect((await runCli(['pxelinux', 'lint', '--syslinux', 'new', '-'])).code).toBe(2);
  });

  it('says which file is not there', async () => {
    const { code, stderr } = await runCli(['pxelinux', 'lint', join(folder, 'none')]);
    expect(code).toBe(1);
    expect(stderr).toContain('none');
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
