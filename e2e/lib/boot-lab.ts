import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { Evidence } from './evidence.js';
import { buildInitrd, kernelImage } from './initrd.js';
import { createLan, type Lan } from './netns.js';
import { bootFromNetwork, type VirtualMachine } from './qemu.js';
import { type ServerEvent, type Serving, serve } from './serve.js';

export const MAC = '52:54:00:12:34:56';
const KICKSTART = `# Kickstart of {{ machine.name }}
text
lang en_US.UTF-8
keyboard us
timezone Etc/UTC --utc
network --bootproto=dhcp --hostname={{ machine.hostname }}
rootpw --lock
zerombr
clearpart --all --initlabel
autopart
reboot
%packages
@core
%end
`;

export interface BootResult {
  /** What the machine's console showed. */
  console: string;
  events: ServerEvent[];
}

export interface BootLab {
  lan(): Lan;
  evidence(): Evidence;
  /**
   * Serves a demo image (`pxekit serve` at 10.77.0.1/24, `config` added to its configuration) and boots one machine.
   * `dhcp` replaces the section that lends addresses.
   */
  boot(config: string, options?: { dhcp?: string; machine?: Partial<VirtualMachine> }): Promise<BootResult>;
}

/** A network of its own for each test of a file: bridge, server, one machine; captures and logs are kept on failure. */
export function bootLab(name: string): BootLab {
  let lan: Lan | undefined;
  let evidence: Evidence;
  let server: Serving | undefined;

  beforeEach(async () => {
    evidence = new Evidence(name);
    lan = createLan({ address: '10.77.0.1/24' });
    lan.addTap('tap0');
    await evidence.capture(lan.server);
  });

  afterEach(async ({ task }) => {
    await server?.stop();
    server = undefined;
    await evidence.close(task.result?.state === 'fail');
    lan?.remove();
    lan = undefined;
  });

  return {
    lan: () => lan as Lan,
    evidence: () => evidence,
    async boot(
      config,
      { dhcp = 'dhcp: { subnets: [{ subnet: 10.77.0.0/24, pools: [10.77.0.100-10.77.0.200], routers: [10.77.0.1] }] }', machine } = {},
    ) {
      const { folder } = evidence;
      const namespace = (lan as Lan).server;
      mkdirSync(join(folder, 'images/demo'), { recursive: true });
      copyFileSync(kernelImage(), join(folder, 'images/demo/vmlinuz'));
      buildInitrd(folder, join(folder, 'images/demo/initrd.img'));
      writeFileSync(join(folder, 'ks.cfg.liquid'), KICKSTART);
      const eventLog = evidence.file('events.jsonl');
      const file = join(folder, 'pxekit.yaml');
      writeFileSync(
        file,
        `interface: br0
events: ${eventLog}
${dhcp}
images: { demo: { folder: images/demo, kernel: vmlinuz, initrd: initrd.img, arguments: console=ttyS0, release: RHEL9 } }
profiles: { demo: { image: demo, kickstart: ks.cfg.liquid } }
${config}
`,
      );
      server = await serve(namespace, file, eventLog);
      const console = await bootFromNetwork(namespace, { mac: MAC, tap: 'tap0', serialLog: evidence.file('serial.log'), ...machine });
      return { console, events: server.events() };
    },
  };
}

/** Fails unless the steps (event types, or `tftp FILE` and `http PATH` for what was served) happened in this order. */
export function expectInOrder(events: readonly ServerEvent[], steps: readonly string[]): void {
  const seen = events.map(({ type, file, path }) =>
    type === 'tftp.done' ? `tftp ${file}` : type === 'http.request' ? `http ${path}` : type,
  );
  let at = -1;
  for (const step of steps) {
    at = seen.indexOf(step, at + 1);
    expect(at, `"${step}" in its place in:\n${seen.join('\n')}`).toBeGreaterThanOrEqual(0);
  }
}
