// A server on a machine with several addresses and networks answers from the address that was asked. The clients let nothing
// else in, as a firewall does.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLan, type Lan, type Namespace } from '../lib/netns.js';
import { missing } from '../lib/requirements.js';

const E2E = fileURLToPath(new URL('..', import.meta.url));
const START = fileURLToPath(new URL('../../packages/cli/src/start.ts', import.meta.url));
const FROM_SOURCE = ['--conditions=@pxekit/source', '--import', 'tsx'];

/** Two addresses on the first network, one on the second, of either family. */
const ADDRESSES = ['10.77.0.1', '10.77.0.9', '10.78.0.1', 'fd77::1', 'fd77::9', 'fd78::1'];
const urlOf = (address: string): string => `tftp://${address.includes(':') ? `[${address}]` : address}`;

const folder = mkdtempSync(join(tmpdir(), 'pxekit-tftp-addresses-'));
const content = Uint8Array.from({ length: 50_000 }, (_, index) => (index * 13 + (index >> 9)) & 0xff);
writeFileSync(join(folder, 'file'), content);
/** Our client: fetches from every address, and asks each for a file that is not there. */
const FETCH = `
import { get } from '@pxekit/tftp';
for (const url of process.argv.slice(1)) {
  const { data, record } = await get(url + '/file', { retransmission: { giveUp: 3000 } });
  const refusal = await get(url + '/none', { retransmission: { giveUp: 3000 } }).catch(({ wireCode }) => wireCode);
  console.log(record.peer.address, data.length, refusal);
}`;
afterAll(() => rmSync(folder, { recursive: true }));

/** Starts the command, and waits until it serves. */
function serveIn(namespace: Namespace, args: readonly string[]): Promise<ChildProcess> {
  const server = namespace.spawn(process.execPath, [...FROM_SOURCE, START, 'tftp', 'serve', folder, ...args], {
    cwd: E2E,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    server.stderr!.on('data', (text) => String(text).includes('serving') && resolve(server));
    server.on('close', () => reject(new Error('the server ended early')));
  });
}

const WILDCARD = ['--host', '0.0.0.0', '::'];
const MODES: readonly [string, readonly string[]][] = [
  ['a port per transfer', WILDCARD],
  ['one port', [...WILDCARD, '--single-port']],
  ['the plain path and a list of addresses', ['--host', ...ADDRESSES, '--no-fast-path']],
  ['the plain path, one port and a list of addresses', ['--host', ...ADDRESSES, '--no-fast-path', '--single-port']],
];

describe.skipIf(missing('several addresses', { programs: ['ip', 'nft', 'curl', 'busybox'] }))('a server with several addresses', () => {
  let lan: Lan;
  let hosts: Namespace[];

  beforeAll(() => {
    lan = createLan({ address: '10.77.0.1/24' });
    const near = lan.addHost('near', { address: '10.77.0.2/24' });
    // The second network is a cable between the server and one host.
    const far = lan.addHost('far');
    far.ip('link', 'set', 'eth0', 'down');
    lan.server.ip('link', 'add', 'eth1', 'type', 'veth', 'peer', 'name', 'eth1', 'netns', far.name);
    for (const namespace of [lan.server, far]) namespace.ip('link', 'set', 'eth1', 'up');
    for (const [namespace, device, addresses] of [
      [lan.server, 'br0', ['10.77.0.9/24', 'fd77::1/64', 'fd77::9/64']],
      [lan.server, 'eth1', ['10.78.0.1/24', 'fd78::1/64']],
      [near, 'eth0', ['fd77::2/64']],
      [far, 'eth1', ['10.78.0.2/24', 'fd78::2/64']],
    ] as const)
      for (const address of addresses) namespace.ip('address', 'add', address, 'dev', device, ...(address.includes(':') ? ['nodad'] : []));
    // Either host asks for the addresses on the other network, too.
    near.ip('route', 'add', 'default', 'via', '10.77.0.1');
    near.ip('-6', 'route', 'add', 'default', 'via', 'fd77::1');
    far.ip('route', 'add', 'default', 'via', '10.78.0.1');
    far.ip('-6', 'route', 'add', 'default', 'via', 'fd78::1');
    hosts = [near, far];
    for (const host of hosts) {
      host.run('nft', ['add', 'table', 'inet', 'strict']);
      host.run('nft', ['add', 'chain', 'inet', 'strict', 'input', '{', 'type', 'filter', 'hook', 'input', 'priority', '0', ';', '}']);
    }
  });
  afterAll(() => lan?.remove());

  /** UDP comes in from this address only. */
  function letIn(host: Namespace, address: string): void {
    host.run('nft', ['flush', 'chain', 'inet', 'strict', 'input']);
    const family = address.includes(':') ? 'ip6' : 'ip';
    host.run('nft', ['add', 'rule', 'inet', 'strict', 'input', 'meta', 'l4proto', 'udp', family, 'saddr', '!=', address, 'drop']);
  }

  it.each(MODES)('answers from the one that was asked: %s', async (_name, args) => {
    const server = await serveIn(lan.server, args);
    try {
      for (const host of hosts) {
        host.run('nft', ['flush', 'chain', 'inet', 'strict', 'input']);
        const client = ['-C', E2E, process.execPath, ...FROM_SOURCE, '--input-type=module', '-e', FETCH];
        const fetched = host.run('env', [...client, ...ADDRESSES.map(urlOf)]);
        expect(fetched.trim().split('\n')).toEqual(ADDRESSES.map((address) => `${address} ${content.length} 1`));
        for (const address of ADDRESSES) {
          letIn(host, address);
          host.run('curl', ['-s', '--max-time', '10', '-o', join(folder, 'curl'), `${urlOf(address)}/file`]);
          expect(Buffer.compare(readFileSync(join(folder, 'curl')), content)).toBe(0);
          host.run('busybox', ['tftp', '-g', '-r', 'file', '-l', join(folder, 'busybox'), address], { timeout: 10_000 });
          expect(Buffer.compare(readFileSync(join(folder, 'busybox')), content)).toBe(0);
        }
      }
    } finally {
      const ended = once(server, 'close');
      server.kill('SIGKILL');
      await ended;
    }
  });
});
