import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLan, type Lan } from '../lib/netns.js';
import { bootFromNetwork } from '../lib/qemu.js';
import { missing } from '../lib/requirements.js';
import { serveIn } from './serving.js';

const skip = missing('iPXE as the ROM of a network card', { programs: ['ip', 'qemu-system-x86_64', 'dnsmasq'], files: ['/dev/net/tun'] });

describe.skipIf(skip)('iPXE in the ROM of a QEMU network card', () => {
  let lan: Lan;
  const folder = mkdtempSync(join(tmpdir(), 'pxekit-ipxe-'));

  beforeAll(() => {
    lan = createLan({ address: '192.168.7.1/24' });
    lan.addTap('tap0');
    lan.addTap('tap1');
  });
  afterAll(() => {
    lan?.remove();
    rmSync(folder, { recursive: true });
  });

  const boot = (mac: string, tap: string) =>
    bootFromNetwork(lan.server, { mac, tap, serialLog: join(folder, `${tap}.log`), timeout: 60_000, until: /tftp:\/\/\S+first\.ipxe/ });

  it('takes address and boot file from us', async () => {
    const mac = '52:54:00:07:02:01';
    const server = await serveIn(lan.server, {
      subnets: [{ subnet: '192.168.7.0/24', pools: ['192.168.7.100-192.168.7.200'] }],
      boot: { bios: 'pxelinux.0', ipxe: 'boot/first.ipxe' },
    });
    try {
      const shown = await boot(mac, 'tap0');
      const lease = await server.wait({ event: 'lease', client: `mac/${mac}` });
      expect(shown).toContain(String(lease.address));
      expect(shown).toContain('tftp://192.168.7.1/boot/first.ipxe');
      await server.wait({ event: 'reply', client: `mac/${mac}`, kind: 'ipxe', file: 'boot/first.ipxe' });
    } finally {
      await server.stop();
    }
  });

  it('takes the boot file from our proxy and the address from dnsmasq', async () => {
    const mac = '52:54:00:07:02:02';
    const host = lan.addHost('proxy', { address: '192.168.7.2/24' });
    const dnsmasq: ChildProcess = lan.server.spawn(
      'dnsmasq',
      [
        '-d',
        '-C',
        '/dev/null',
        '-p',
        '0',
        '-i',
        'br0',
        '--no-ping',
        '-F',
        '192.168.7.100,192.168.7.200,1h',
        '--leasefile-ro',
        '--dhcp-authoritative',
      ],
      { stdio: 'ignore' },
    );
    const server = await serveIn(host, { subnets: [{ subnet: '192.168.7.0/24', mode: 'proxy' }], boot: { ipxe: 'boot/first.ipxe' } });
    try {
      const shown = await boot(mac, 'tap1');
      expect(shown).toContain('tftp://192.168.7.2/boot/first.ipxe');
      const reply = await server.wait({ event: 'reply', client: `mac/${mac}`, file: 'boot/first.ipxe' });
      expect(reply.yiaddr).toBe('0.0.0.0');
      expect(server.events.filter((event) => event.event === 'lease')).toEqual([]);
    } finally {
      dnsmasq.kill();
      await server.stop();
    }
  });
});
