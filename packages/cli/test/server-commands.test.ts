import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { datagrams, readFrames } from '@pxekit/dhcp/pcap';
import { activatedSockets, parseConfig } from '@pxekit/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';

let folder: string;
let config: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pxekit-cli-'));
  const put = (name: string, content: string) => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  };
  for (const name of ['tftp/pxelinux.0', 'tftp/ldlinux.c32', 'images/demo/vmlinuz', 'images/demo/initrd.img']) put(name, name);
  put('ks.cfg.liquid', 'text\nnetwork --hostname={{ machine.hostname }}\nrootpw --lock\nuser --name=admin --lock\nreboot\n');
  put(
    'pxekit.yaml',
    `address: 10.77.0.1/24
dhcp: { subnets: [{ subnet: 10.77.0.0/24, pools: [10.77.0.100-10.77.0.200], routers: [10.77.0.1] }] }
tftp: { root: tftp }
images: { demo: { folder: images/demo, kernel: vmlinuz, initrd: initrd.img } }
profiles: { demo: { image: demo, kickstart: ks.cfg.liquid } }
machines: [{ name: m1, mac: 52:54:00:12:34:56, profile: demo }]
`,
  );
  config = join(folder, 'pxekit.yaml');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const json = async (args: string[]) => JSON.parse((await runCli([...args, '-c', config, '--json'])).stdout);

describe('pxekit check', () => {
  it('ends with 0 for a good file and with 1 for a bad one', async () => {
    expect((await runCli(['check', '-c', config])).code).toBe(0);
    rmSync(join(folder, 'images/demo/vmlinuz'));
    const { code, stdout } = await runCli(['check', '-c', config]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/error config\/missing-file: There is no kernel[\s\S]*pxekit\.yaml:4/);
    const { errors, findings } = await json(['check']);
    expect(errors).toBe(1);
    expect(findings).toContainEqual(expect.objectContaining({ code: 'config/missing-file', line: 4 }));
  });
});

describe('pxekit explain', () => {
  it('names rule, line and outcome of each stage', async () => {
    const { stdout, code } = await runCli(['explain', 'm1', '-c', config]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/configuration +file in the search order: pxelinux\.cfg\/01-52-54-00-12-34-56, generated for the machine/);
    expect(stdout).toMatch(/action +profile of the machine: demo +\(.*pxekit\.yaml:6:57\)/);
    expect(await json(['explain', '52-54-00-12-34-56', '--stage', 'loader'])).toMatchObject({
      name: 'm1',
      bootFile: { file: 'pxelinux.0' },
    });
  });

  it('ends with 1 for a name that is no machine, and with 2 for an architecture that does not exist', async () => {
    expect((await runCli(['explain', 'nobody', '-c', config])).code).toBe(1);
    expect((await runCli(['explain', 'm1', '--arch', 'sparc', '-c', config])).code).toBe(2);
  });
});

describe('pxekit tree', () => {
  it('lists what a machine can get and marks what is missing', async () => {
    const names = (await json(['tree', 'm1'])).map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['pxelinux.0', 'pxelinux.cfg/01-52-54-00-12-34-56', 'images/demo/initrd.img']));
    rmSync(join(folder, 'images/demo/initrd.img'));
    const { code, stdout } = await runCli(['tree', 'm1', '-c', config]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/images\/demo\/initrd\.img +MISSING/);
  });
});

describe('pxekit simulate', () => {
  it('knows machines by their names over real sockets, too', async () => {
    const unknown = await runCli(['simulate', '--live', '127.0.0.1', '--client-port', '0', '--mac', 'nobody', '-c', config]);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('No machine "nobody"') });
    const ports = ['--client-port', '0', '--dhcp-port', '9'];
    const known = await runCli(['simulate', '--live', '127.0.0.1', ...ports, '--mac', 'm1', '-c', config]);
    expect(known.stderr).toContain('Step "DISCOVER" failed');
  });

  it('prints numbered steps, the result, and a capture', async () => {
    const pcap = join(folder, 'boot.pcap');
    const { steps, result } = await json(['simulate', '--mac', 'm1', '--pcap', pcap]);
    expect(steps.map(({ number }: { number: number }) => number)).toEqual(steps.map((_: unknown, index: number) => index + 1));
    expect(result).toMatchObject({ outcome: 'kernel', kernel: 'images/demo/vmlinuz' });
    const packets = [...datagrams(readFrames(new Uint8Array(readFileSync(pcap))))];
    expect(packets.map(({ protocol }) => protocol)).toEqual(Array.from({ length: 8 }, () => 'dhcp'));
  });

  it('names the step that fails and ends with 1', async () => {
    rmSync(join(folder, 'images/demo/initrd.img'));
    const { code, stderr } = await runCli(['simulate', '--mac', 'm1', '-c', config]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^pxekit: Step "initrd" failed: images\/demo\/initrd\.img does not exist/);
  });
});

describe('pxekit machines, arm, disarm and timeline', () => {
  it('change what a machine boots next', async () => {
    expect(await json(['machines'])).toMatchObject([{ name: 'm1', state: 'new', profile: 'demo' }]);
    expect((await runCli(['timeline', 'm1', '-c', config])).stdout).toBe('Nothing has happened to m1 yet.\n');
    await runCli(['disarm', 'm1', '-c', config]);
    expect((await runCli(['simulate', '--mac', 'm1', '-c', config])).stdout).toContain('The machine boots its disk.');
    expect(await json(['arm', 'm1'])).toMatchObject({ state: 'armed', profile: 'demo' });
    expect(await json(['explain', 'm1', '--stage', 'action'])).toMatchObject({ action: 'install' });
    expect(JSON.stringify(await json(['machines']))).not.toMatch(/token/);
    expect((await runCli(['timeline', 'm1', '-c', config])).code).toBe(0);
  });

  it('refuse a profile that does not exist', async () => {
    const { code, stderr } = await runCli(['arm', 'm1', '--profile', 'none', '-c', config]);
    expect(code).toBe(1);
    expect(stderr).toContain('There is no profile "none"');
  });
});

describe('pxekit doctor', () => {
  it('prints each item with its fix and ends with 1 when one fails', async () => {
    const { stdout, code } = await runCli(['doctor', '-c', config, '--listen', '0']);
    expect(stdout).toMatch(/^FAIL network\/card: no network card has the address 10\.77\.0\.1\n {7}\S/m);
    expect(code).toBe(1);
  });
});

describe('pxekit init', () => {
  it('writes a file that can be read, and replaces none', async () => {
    const file = join(folder, 'new.yaml');
    const { code } = await runCli(['init', '--interface', 'lo', '-o', file]);
    expect(code).toBe(0);
    expect(parseConfig(readFileSync(file, 'utf8'))).toMatchObject({ diagnostics: [], config: { interface: 'lo' } });
    expect((await runCli(['init', '--interface', 'lo', '-o', file])).stderr).toContain('exists');
    expect((await runCli(['init', '--interface', 'nonesuch0', '-o', '-'])).code).toBe(1);
  });
});

describe('pxekit schema, systemd and nfs', () => {
  it('print what other programs need', async () => {
    expect(JSON.parse((await runCli(['schema'])).stdout)).toMatchObject({ title: 'pxekit.yaml', additionalProperties: false });
    const unit = (await runCli(['systemd', '-c', config])).stdout;
    expect(unit).toContain(`serve -c ${config}`);
    expect(unit).toContain('AmbientCapabilities=CAP_NET_BIND_SERVICE');
    const units = mkdtempSync(join(folder, 'units-'));
    const { stdout, code } = await runCli(['systemd', '-c', config, '--sockets', '-o', units]);
    expect(code).toBe(0);
    const names = stdout
      .trim()
      .split('\n')
      .map((line) => basename(line));
    expect(names).toEqual(['pxekit.service', 'pxekit-dhcp.socket', 'pxekit-tftp.socket', 'pxekit-http.socket']);
    const text = (name: string) => readFileSync(join(units, name), 'utf8');
    expect(text('pxekit.service')).toMatch(/^AmbientCapabilities=$/m);
    const passed = names.slice(1).map((name) => /^FileDescriptorName=(.*)$/m.exec(text(name))?.[1]);
    const env = { LISTEN_FDS: '3', LISTEN_PID: '1', LISTEN_FDNAMES: passed.join(':') };
    expect(Object.keys(activatedSockets(env, 1))).toEqual(['dhcp', 'tftp', 'http']);
    if (existsSync('/usr/bin/systemd-analyze')) {
      const verify = spawnSync('systemd-analyze', ['verify', ...names.map((name) => join(units, name))], { encoding: 'utf8' });
      expect(verify.stderr.split('\n').filter((line) => line.includes('pxekit'))).toEqual([]);
    } else console.warn('not verified: there is no systemd-analyze');
    expect((await runCli(['nfs', '-c', config])).stdout).toBe(`${folder}/images/demo 10.77.0.0/24(ro,async,no_subtree_check)\n`);
  });
});
