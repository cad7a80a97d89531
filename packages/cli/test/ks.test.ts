import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pxekit-ks-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('pxekit ks lint', () => {
  it('prints one JSON line per file and release', async () => {
    const good = await file('a.ks', 'install\nlang en_US.UTF-8\n');
    const { code, stdout } = await runCli([
      'ks',
      'lint',
      '--format',
      'json',
      '--profile',
      'pykickstart',
      '--releases',
      'RHEL7,rocky9',
      good,
    ]);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(1);
    expect(lines.map(({ file, release, ok }) => ({ file, release, ok }))).toEqual([
      { file: good, release: 'RHEL7', ok: true },
      { file: good, release: 'RHEL9', ok: false },
    ]);
    expect(lines[1].diagnostics[0]).toMatchObject({
      code: 'ks/removed-command',
      severity: 'error',
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 8,
      offset: 0,
    });
  });

  it('ends with 1 for warnings, unless they are let pass', async () => {
    const path = await file('a.ks', 'auth --enableshadow\n');
    const args = ['ks', 'lint', '--profile', 'pykickstart', '--release', 'RHEL8', path];
    expect((await runCli(args)).code).toBe(1);
    expect((await runCli([...args, '--max-warnings', '1'])).code).toBe(0);
    expect((await runCli(['ks', 'lint', '--release', 'RHEL9', '-'], 'timezone --utc Etc/UTC\n')).code).toBe(0);
  });

  it('reads standard input, folders and patterns', async () => {
    await file('a.ks', 'lang en_US.UTF-8\n');
    await file('b.cfg', 'bogus\n');
    const json = ['ks', 'lint', '--json', '--profile', 'pykickstart'];
    const names = (stdout: string) =>
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).file.replace(`${folder}/`, ''));
    expect(names((await runCli([...json, folder])).stdout)).toEqual(['a.ks', 'b.cfg']);
    expect(names((await runCli([...json, `${folder}/*.ks`])).stdout)).toEqual(['a.ks']);
    expect(names((await runCli([...json, '-'], 'lang en\n')).stdout)).toEqual(['<stdin>']);
  });

  it('takes the release from the file', async () => {
    const { stdout } = await runCli(['ks', 'lint', '--json', '-'], '#version=RHEL8\nlang en_US.UTF-8\n');
    expect(JSON.parse(stdout).release).toBe('RHEL8');
  });

  it('takes the release from a treeinfo', async () => {
    const treeinfo = await file('.treeinfo', '[release]\nname = Rocky Linux\nversion = 9.4\n');
    const { stdout } = await runCli(['ks', 'lint', '--json', '--treeinfo', treeinfo, '-'], 'lang en_US.UTF-8\n');
    expect(JSON.parse(stdout).release).toBe('RHEL9');
  });

  it('shows people the place, and code hosts the line', async () => {
    const path = await file('a.ks', 'lang en_US.UTF-8\nbogus\n');
    const pretty = await runCli(['ks', 'lint', '--release', 'RHEL9', path]);
    expect(pretty.stdout).toContain('> 2 | bogus');
    expect(pretty.stdout).not.toContain('--release');
    expect((await runCli(['ks', 'lint', path])).stdout).toContain('1 of them did not tell a release, so F45 was taken');
    const github = await runCli(['ks', 'lint', '--profile', 'pykickstart', '--release', 'RHEL9', '--format', 'github', path]);
    expect(github.stdout).toMatch(/^::error file=.*a\.ks,line=2,endLine=2,col=1,endColumn=6,title=ks\/unknown-command::/);
    const sarif = await runCli(['ks', 'lint', '--release', 'RHEL9', '--format', 'sarif', path]);
    expect(JSON.parse(sarif.stdout).runs[0].results.length).toBeGreaterThan(0);
  });

  it('says that a release is a guess', async () => {
    const args = ['ks', 'lint', '--format'];
    const json = JSON.parse((await runCli([...args, 'json', '-'], 'auth --enableshadow\n')).stdout);
    expect(json).toMatchObject({ release: 'F45', releaseAssumed: true });
    const told = JSON.parse((await runCli([...args, 'json', '--release', 'F45', '-'], 'auth --enableshadow\n')).stdout);
    expect(told).not.toHaveProperty('releaseAssumed');
    const sarif = JSON.parse((await runCli([...args, 'sarif', '-'], 'auth --enableshadow\n')).stdout);
    expect(sarif.runs[0].results[0]).toMatchObject({ ruleId: 'ks/assumed-release', level: 'note' });
    expect((await runCli([...args, 'github', '-'], 'auth --enableshadow\n')).stdout).toMatch(
      /^::notice .*title=ks\/assumed-release::.*Fedora 45/,
    );
  });

  it('says once what several releases share, and for which releases', async () => {
    const { stdout } = await runCli(['ks', 'lint', '--releases', 'RHEL8,RHEL9', '-'], 'lang en_US\ninstall\n');
    expect(stdout.match(/ks\/lang-without-encoding: .*/g)).toEqual(['ks/lang-without-encoding: "en_US" has no encoding [RHEL8, RHEL9]']);
    expect(stdout).toMatch(/ks\/removed-command: .* \[RHEL9\]/);
    expect(stdout).toMatch(/1 file for RHEL8, RHEL9: 1 error,/);
  });

  it('tells which file cannot be read and checks the others', async () => {
    const good = await file('a.ks', 'bogus\n');
    const { code, stdout, stderr } = await runCli(['ks', 'lint', '--json', join(folder, 'none.ks'), good]);
    expect(code).toBe(2);
    expect(stderr).toContain('none.ks');
    expect(JSON.parse(stdout).file).toBe(good);
  });

  it('writes fixes back', async () => {
    const path = await file('a.ks', 'timezone Europe/Berlin --isUt\n');
    await runCli(['ks', 'lint', '--release', 'RHEL9', '--preset', 'strict', '--fix', path]);
    expect(await readFile(path, 'utf8')).not.toContain('--isUt\n');
  });

  it.each([
    [['--release', 'debian12', 'x.ks']],
    [['--max-warnings', 'few', '-']],
    [['--max-warnings=-1', '-']],
    [['--json', '--format', 'sarif', '-']],
    [['--release', 'F40', '--releases', 'F41', '-']],
    [['--treeinfo', 'none', '-']],
    [['no-such-file.ks']],
    [['--fix', '-']],
    [[]],
  ])('ends with 2 for %j', async (args) => {
    expect((await runCli(['ks', 'lint', ...args])).code).toBe(2);
  });
});

describe('pxekit ks tokens', () => {
  it('answers each line of NDJSON', async () => {
    const { code, stdout } = await runCli(['ks', 'tokens', '--json'], '{"in": "a \\"b c\\" # d"}\n{"in": "it\'s"}\n');
    expect(code).toBe(0);
    expect(stdout).toBe('{"argv":["a","b c"]}\n{"error":"unclosed-quote"}\n');
  });
});

describe('pxekit ks tokens with a bad line', () => {
  it('answers it with an error and goes on', async () => {
    const { code, stdout, stderr } = await runCli(['ks', 'tokens', '--json'], '{"in": "a"}\nnope\n{"in": "b"}\n');
    expect(stdout).toBe('{"argv":["a"]}\n{"error":"bad-input"}\n{"argv":["b"]}\n');
    expect([code, stderr]).toEqual([1, 'Line 2 of standard input is not {"in": "text"}\n']);
  });
});

describe('JSON on one line', () => {
  it('holds no character at which a reader could end the line', async () => {
    const { stdout } = await runCli(
      ['ks', 'lint', '--json', '--release', 'RHEL9', '--profile', 'pykickstart', '-'],
      'lang en\u2028bogus\u0085',
    );
    expect(stdout).not.toMatch(/[\u0085\u2028]/);
    expect(JSON.parse(stdout).diagnostics[0]).toMatchObject({ code: 'ks/unknown-command', line: 2 });
    expect((await runCli(['ks', 'tokens', '--json'], '{"in": "a\\u2028b"}')).stdout).toBe('{"argv":["a\\u2028b"]}\n');
  });
});

describe('pxekit ks show', () => {
  it('prints an outline, or the tree as JSON', async () => {
    const path = await file('a.ks', 'lang en_US\n%packages\n@core\n-vim\n%end\n');
    const { stdout } = await runCli(['ks', 'show', path]);
    expect(stdout.split('\n')).toEqual([
      '    1  lang  "en_US"',
      '    2  %packages',
      '    3    with group core',
      '    4    without package vim',
      '',
    ]);
    const tree = JSON.parse((await runCli(['ks', 'show', '--json', path])).stdout);
    expect(tree.children.map(({ type }: { type: string }) => type)).toEqual(['command', 'section']);
    expect((await runCli(['ks', 'show', join(folder, 'none')])).code).toBe(2);
  });
});
