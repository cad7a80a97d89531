import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '@pxekit/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';

describe('pxekit import', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pxekit-import-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gathers the files of a classic set-up in one pxekit.yaml', async () => {
    const output = join(folder, 'pxekit.yaml');
    const dhcpd = join(folder, 'dhcpd.conf');
    await writeFile(dhcpd, 'subnet 10.1.1.0 netmask 255.255.255.0 {\n  range 10.1.1.50 10.1.1.90;\n  next-server10.1.1.1;\n}\n');
    const first = await runCli(['import', 'dhcpd', '--fix', '-o', output, dhcpd]);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('Fix: Write "next-server 10.1.1.1" (done).');
    expect(await readFile(dhcpd, 'utf8')).toContain('  next-server 10.1.1.1;');
    const xinetd = join(folder, 'tftp');
    await writeFile(xinetd, 'service tftp\n{\n  server_args = -s /srv/tftp\n}\n');
    expect(await runCli(['import', 'xinetd', '-o', output, xinetd])).toMatchObject({ code: 0 });
    expect(await readFile(output, 'utf8')).toBe(
      'address: 10.1.1.1/24\ndhcp:\n  subnets:\n    - subnet: 10.1.1.0/24\n      pools:\n        - 10.1.1.50-10.1.1.90\ntftp:\n  root: /srv/tftp\n',
    );
  });

  it('prints the configuration with -o - and ends with 1 when something is lost', async () => {
    const file = join(folder, 'dhcpd.conf');
    await writeFile(file, 'failover peer "x" { primary; }\nauthoritative;\n');
    const { code, stdout, stderr } = await runCli(['import', 'dhcpd', '-o', '-', file]);
    expect(code).toBe(1);
    expect(stdout).toContain('authoritative: true');
    expect(stderr).toContain('NOT SUPPORTED');
  });

  it('takes over the kickstart that an alias of the old web server gave', async () => {
    const output = join(folder, 'pxekit.yaml');
    const [menu, kickstart] = [join(folder, 'default'), join(folder, 'ks.cfg')];
    await writeFile(output, `address: 10.1.1.1/24\nhttp: { aliases: { /ks: ${folder} } }\n`);
    await writeFile(menu, 'label a\n kernel k\n append ks=http://10.1.1.1/ks/ks.cfg quiet\n');
    await writeFile(kickstart, 'text\n%post\necho {{ x }}\n%end\n');
    const profileOf = async () => {
      expect(await runCli(['import', 'pxelinux', '-o', output, menu])).toMatchObject({ code: 0 });
      return parseConfig(await readFile(output, 'utf8')).config?.profiles.a;
    };
    const before = await readFile(output, 'utf8');
    expect(await profileOf()).toMatchObject({ arguments: 'ks=http://10.1.1.1/ks/ks.cfg quiet' });
    await writeFile(output, before);
    await writeFile(kickstart, 'text\nreboot\n');
    expect(await profileOf()).toMatchObject({ kickstart, arguments: 'quiet' });
  });

  it('gives the account as JSON', async () => {
    const file = join(folder, 'httpd.conf');
    await writeFile(file, 'Alias /a /srv/a\n');
    const { stdout } = await runCli(['import', 'httpd', '--json', '-o', join(folder, 'x.yaml'), file]);
    expect(JSON.parse(stdout)).toMatchObject({
      config: { http: { aliases: { '/a': '/srv/a' } } },
      statements: [{ line: 1, verdict: 'kept' }],
    });
  });
});
