import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { runCli } from './run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'pxekit-serve-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function configFile(text: string): string {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.yaml`);
  writeFileSync(file, text);
  return file;
}

/** Starts the command in a process of its own, because it ends by a signal. */
function start(args: string[]): { child: ChildProcess; output: () => string; told: (line: RegExp) => Promise<void> } {
  const start = new URL('../src/start.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--conditions=@pxekit/source', '--import', 'tsx', start, 'serve', ...args]);
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, output: () => output, told: (line) => expect.poll(() => output).toMatch(line) };
}

const CONFIG = `address: 127.0.0.1/8
state: ${folder}/state
dhcp: { port: 0, clientPort: 6868, subnets: [{ subnet: 127.0.0.0/8, pools: [127.7.0.1-127.7.0.9] }] }
tftp: { port: 0 }
http: { port: 0 }
`;

describe('pxekit serve', () => {
  it('opens its ports, survives malformed datagrams, and ends with 0 on SIGTERM', async () => {
    const { child, output, told } = start(['-c', configFile(CONFIG), '--json']);
    await told(/server\.ready.*\n/);
    const line = output()
      .split('\n')
      .find((each) => each.includes('server.ready')) as string;
    const event = JSON.parse(line) as { dhcp: string[]; tftp: string[] };
    const socket = createSocket('udp4');
    for (const place of [...event.dhcp, ...event.tftp]) {
      for (const bytes of ['', 'x', '\x00\x01', '\x00\x09junk']) socket.send(bytes, Number(place.split(':')[1]), '127.0.0.1');
    }
    // The answer to a good request shows that it got over what came before.
    for (const place of event.tftp) socket.send('\x00\x01none\x00octet\x00', Number(place.split(':')[1]), '127.0.0.1');
    await once(socket, 'message');
    await told(/dhcp\.malformed.*\n/);
    socket.close();
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
    const types = output()
      .trim()
      .split('\n')
      .map((each) => (JSON.parse(each) as { type: string }).type);
    expect(types.filter((type) => type === 'dhcp.malformed')).toHaveLength(1);
    expect(types.at(-1)).toBe('server.stop');
  });

  it('takes a changed configuration on SIGHUP and keeps the old one when the new one is wrong', async () => {
    const file = configFile(CONFIG);
    const { child, told } = start(['-c', file, '--json']);
    await told(/server\.ready/);
    writeFileSync(file, `${CONFIG}unknown: alow\n`);
    child.kill('SIGHUP');
    await told(/server\.reload-failed/);
    writeFileSync(file, `${CONFIG}machines: [{ name: a, mac: 52:54:00:00:00:01 }]\n`);
    child.kill('SIGHUP');
    await told(/"server\.reloaded","level":"info","machines":1/);
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  it.each([
    ['a bad configuration', 'adress: 10.0.0.1\n', /Unknown key "adress"; did you mean "address"\?/],
    ['an address of nobody', CONFIG.replace('127.0.0.1/8', '192.0.2.1/24'), /192\.0\.2\.1/],
    ['an interface that does not exist', 'interface: nonesuch0\n', /Interface "nonesuch0" does not exist/],
    ['a user that does not exist', `${CONFIG}user: nobody-of-that-name\n`, /There is no user/],
  ])('ends with 1 and one clear message for %s', async (_, text, message) => {
    const { code, stderr } = await runCli(['serve', '-c', configFile(text)]);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at .*\(.*:\d+:\d+\)$|at file:|node:internal/m);
  });

  it('ends with 1 for a configuration file that does not exist', async () => {
    const { code, stderr } = await runCli(['serve', '-c', join(folder, 'none.yaml')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/There is no configuration file .*\n {2}`pxekit init` writes one/);
  });

  it.each(['http', 'tftp', 'dhcp'])('names the process that holds the port of %s', async (service) => {
    const tcp = createServer().listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const udp = createSocket('udp4').bind(0, '127.0.0.1');
    await once(udp, 'listening');
    const port = service === 'http' ? (tcp.address() as AddressInfo).port : udp.address().port;
    const text = CONFIG.replace(
      service === 'dhcp' ? 'dhcp: { port: 0' : `${service}: { port: 0`,
      service === 'dhcp' ? `dhcp: { port: ${port}` : `${service}: { port: ${port}`,
    );
    const { code, stderr } = await runCli(['serve', '-c', configFile(text)]);
    tcp.close();
    udp.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`port ${port}\\b.*${process.pid}`, 'i'));
  });
});
