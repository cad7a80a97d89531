import { createWriteStream } from 'node:fs';
import type { Namespace } from './netns.js';

export interface VirtualMachine {
  mac: string;
  tap: string;
  /** Everything the machine prints is kept here. */
  serialLog: string;
  /** Whether the network card brings its own ROM (iPXE). Default: true; without it the firmware's own network stack boots. */
  rom?: boolean;
  /** More QEMU arguments, such as a UEFI firmware. */
  args?: string[];
  /** Memory in MiB. Default: 512. */
  memory?: number;
  /** Given up after this many milliseconds. Default: 180,000. */
  timeout?: number;
  /** Ends the machine as soon as its console shows this. */
  until?: RegExp;
}

/**
 * Boots a machine from its network card (QEMU in software emulation, the card's ROM is iPXE) and gives what its
 * console showed by the time it powered off.
 */
export async function bootFromNetwork(namespace: Namespace, machine: VirtualMachine): Promise<string> {
  const { mac, tap, serialLog, rom = true, args = [], memory = 512, timeout = 180_000, until } = machine;
  const qemu = namespace.spawn(
    'qemu-system-x86_64',
    [
      ...['-accel', 'tcg', '-cpu', 'qemu64', '-m', String(memory), '-smp', '1'],
      ...['-nographic', '-vga', 'none', '-monitor', 'none', '-serial', 'stdio', '-no-reboot', '-nodefaults'],
      ...[
        '-netdev',
        `tap,id=n0,ifname=${tap},script=no,downscript=no`,
        '-device',
        `virtio-net-pci,netdev=n0,mac=${mac},bootindex=1${rom ? '' : ',romfile='}`,
      ],
      ...args,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const log = createWriteStream(serialLog);
  let console = '';
  const timer = setTimeout(() => qemu.kill('SIGKILL'), timeout);
  const hear = (chunk: Buffer) => {
    console += chunk.toString('latin1');
    log.write(chunk);
    if (until?.test(console)) qemu.kill('SIGTERM');
  };
  qemu.stdout?.on('data', hear);
  qemu.stderr?.on('data', hear);
  await new Promise<void>((resolve, reject) => {
    qemu.on('error', reject);
    qemu.on('close', () => resolve());
  }).finally(() => clearTimeout(timer));
  await new Promise((resolve) => log.end(resolve));
  return console;
}
