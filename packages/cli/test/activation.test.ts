// Sockets that a parent opened: the server starts without any privilege and serves over them.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveNetwork, walk } from '@pxekit/server';
import { describe, expect, it, onTestFinished } from 'vitest';

const NOBODY = 65_534;
const start = new URL('../src/start.ts', import.meta.url).pathname;
const helper = new URL('activate.py', import.meta.url).pathname;
const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) console.warn('skipped: there is no python3 to open the sockets');

/** Runs `pxekit serve` as a plain user over sockets by these names. */
function serve(sockets: string[], config: string) {
  const folder = mkdtempSync(join(tmpdir(), 'pxekit-activation-'));
  chmodSync(folder, 0o777);
  mkdirSync(join(folder, 'tftp'));
  for (const name of ['pxelinux.0', 'ldlinux.c32', 'vmlinuz']) writeFileSync(join(folder, 'tftp', name), name);
  writeFileSync(join(folder, 'pxekit.yaml'), config);
  const command = [process.execPath, '--conditions=@pxekit/source', '--import', 'tsx', start, 'serve', '-c', join(folder, 'pxekit.yaml')];
  const env = { ...process.env, HOME: folder, TMPDIR: folder };
  const child = spawn('python3', [helper, String(NOBODY), ...sockets, '--', ...command, '--json'], { env });
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  /** The line that holds a text. */
  const told = async (text: string) => {
    const line = new RegExp(`^.*${text}.*\n`, 'm');
    await expect.poll(() => output).toMatch(line);
    return line.exec(output)?.[0] ?? '';
  };
  return { child, told };
}

const config = (clientPort: number) => `address: 127.0.0.1/8
dhcp: { clientPort: ${clientPort}, subnets: [{ subnet: 127.0.0.0/8, pools: [127.9.0.1-127.9.0.9] }] }
tftp: { root: tftp }
images: { demo: { folder: tftp, kernel: vmlinuz, initrd: [] } }
profiles: { demo: { image: demo } }
machines: [{ name: m1, mac: 52:54:00:12:34:56, profile: demo }]
`;

describe.skipIf(!hasPython)('pxekit serve over sockets that were passed in', () => {
  it('boots a machine by DHCP, TFTP and HTTP without a privilege, and keeps the sockets on SIGHUP', async () => {
    const network = await LiveNetwork.open({ server: '127.0.0.1', clientPort: 0 });
    onTestFinished(() => network.close());
    const { child, told } = serve(['pxekit-http.socket=tcp:0', 'dhcp=udp:0', 'tftp=udp:0'], config(network.clientPort));
    const ready = JSON.parse(await told('server.ready')) as Record<'dhcp' | 'tftp' | 'http', string[]>;
    const port = (place: string | undefined) => Number(place?.split(':')[1]);
    network.connect({ dhcpPort: port(ready.dhcp[0]), tftpPort: port(ready.tftp[0]) });
    const boot = async () => {
      let xid = Date.now();
      const run = walk({ client: 'bios', mac: '52:54:00:12:34:56', network, clock: () => 0, random: () => xid++ });
      let step = await run.next();
      while (!step.done) step = await run.next();
      return step.value;
    };
    expect(await boot()).toMatchObject({ outcome: 'kernel', kernel: 'images/demo/vmlinuz' });
    const url = `http://127.0.0.1:${port(ready.http[0])}/images/demo/vmlinuz`;
    expect(await (await fetch(url)).text()).toBe('vmlinuz');
    child.kill('SIGHUP');
    await told('server.reloaded');
    expect(await (await fetch(url)).text()).toBe('vmlinuz');
    expect(await boot()).toMatchObject({ outcome: 'kernel' });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('says which socket it does not know', async () => {
    const { told } = serve(['web=tcp:0'], config(6868));
    await told('Socket 3 that was passed in is named "web"');
  });
});
