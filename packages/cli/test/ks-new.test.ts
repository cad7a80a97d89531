import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, lint, parse } from '@pxekit/kickstart';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kickstartOf, readAnswers } from '../src/commands/ks/new/answers.js';
import { crypt } from '../src/commands/ks/new/crypt.js';
import { ask, type Prompts } from '../src/commands/ks/new/wizard.js';
import { runCli } from './run-cli.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pxekit-ks-new-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Answers from a table by the beginning of the question; the initial answer where there is none. */
function scripted(table: Record<string, string | boolean>): Prompts {
  const look = (message: string, initial: unknown) => {
    const key = Object.keys(table).find((start) => message.startsWith(start));
    return (key === undefined ? (initial ?? '') : table[key]) as never;
  };
  return {
    text: async ({ message, initial }) => look(message, initial),
    password: async ({ message }) => look(message, 'secret'),
    confirm: async ({ message, initial }) => look(message, initial),
    select: async ({ message, initial }) => look(message, initial),
  };
}

// The row of the guides' table that packages/server/test/guide-table.test.ts leaves to the command.
describe('system-config-kickstart: pxekit ks new', () => {
  it('makes a file that checks and lints clean from the answers of a person', async () => {
    const answers = await ask(
      scripted({
        'URL of': 'https://mirror.example/9/os',
        Addresses: 'static',
        'IP address': '10.0.0.2',
        Gateway: '10.0.0.1',
        'Name of a user': 'ann',
        'Disks to use': 'sda, sdb',
      }),
    );
    const document = kickstartOf(readAnswers(JSON.parse(JSON.stringify(answers))));
    expect(document.source.text).toContain(
      'network --bootproto=static --device=link --ip=10.0.0.2 --netmask=255.255.255.0 --gateway=10.0.0.1',
    );
    expect(document.source.text).toContain('ignoredisk --only-use=sda,sdb');
    expect(document.source.text).toMatch(/user --name=ann --groups=wheel --password=\$6\$\S+ --iscrypted/);
    expect(document.source.text).not.toContain('secret');
    expect(check(document, { release: 'RHEL9' })).toEqual([]);
    expect(lint(document, { release: 'RHEL9', preset: ['recommended', 'unattended'] })).toEqual([]);
  });

  it.each(['F18', 'RHEL7', 'RHEL8', 'RHEL9', 'RHEL10', 'F40', 'F45'])('writes what %s accepts', (release) => {
    const document = kickstartOf(readAnswers({ release, disk: { drives: ['sda'], passphrase: 'a b' }, post: 'echo done' }));
    expect(check(document, { release }).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('takes the answers from YAML, keeps them, and writes over nothing', async () => {
    const [output, saved] = [join(folder, 'ks.cfg'), join(folder, 'answers.yaml')];
    const yaml = 'release: rocky9\nsource: https://mirror.example/9/os\nrootPassword: $6$abc$def\npackages: ["@core", vim]\n';
    const args = ['ks', 'new', '--answers', '-', '--save', saved, '-o', output];
    expect((await runCli(args, yaml)).code).toBe(0);
    const text = await readFile(output, 'utf8');
    expect(parse(text).children.some((node) => node.type === 'command' && node.name.value === 'rootpw')).toBe(true);
    const again = await runCli(['ks', 'new', '--answers', saved]);
    expect(again.stdout).toBe(text);
    const second = await runCli(args, yaml);
    expect([second.code, second.stderr]).toEqual([1, expect.stringContaining('is there already')]);
    expect((await runCli([...args, '--force'], yaml)).code).toBe(0);
  });

  it.each([
    ['release: rhel99\n', 'release'],
    ['release: rhel6\n', 'RHEL 7'],
    ['release: rocky9\nsourc: x\n', 'sourc'],
    ['release: rocky9\nrootPassword: secret\n', 'rootPassword'],
    ['release: rocky9\ndisk: { layout: zfs }\n', 'disk.layout'],
    ['a: [\n', 'YAML'],
  ])('says what is wrong with %j', async (yaml, message) => {
    const { code, stderr } = await runCli(['ks', 'new', '--answers', '-'], yaml);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });

  it('asks only on a terminal', async () => {
    const { code, stderr } = await runCli(['ks', 'new']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--answers')]);
  });
});

describe('crypt', () => {
  it.each([
    ['x', '$6$saltstring$nk7Qohr7tOmwY2mX639VRP.Lyvj3uhcgpatqHuLC867qfSHKq1LDuKa/h7Es9Nv0aL08pbF.cnQlRqhaoKT/D.'],
    ['Hello world!', '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1'],
    ['ä'.repeat(70), '$6$saltstring$tIQbhODcoDoHBpWkFvysZfn397kZUNdYX7I9xkYzWuV5ezwmgl4C88JSZl3YQjCnlQjGkhWMGQ.P6hGSqhfq5.'],
    ['0123456789'.repeat(7), '$6$saltstring$uqSsSSqZyQsH8bincZPw8CylGYr4ZAEMVcnhkx5s8KX7Hy4/BXGFc.ycq8nO3GcgPxYQ/KhyXyR2peBfULrza/'],
  ])('hashes %j as openssl passwd -6 does', (password, expected) => {
    expect(crypt(password, 'saltstring')).toBe(expected);
  });

  it('salts every password anew', () => {
    expect(crypt('x')).not.toBe(crypt('x'));
    expect(crypt('x')).toMatch(/^\$6\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}$/);
  });
});
