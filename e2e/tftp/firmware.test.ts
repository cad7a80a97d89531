// Boot ROMs, UEFI and U-Boot fetch a file from our server over a bridge, also when 8 % of the datagrams are lost there.
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TransferRecord } from '@pxekit/tftp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Evidence } from '../lib/evidence.js';
import { createLan, type Lan } from '../lib/netns.js';
import { missing } from '../lib/requirements.js';
import { type Fetched, Wire } from './wire.js';

const OVMF = '/usr/share/ovmf/OVMF.fd';
const U_BOOT = '/usr/lib/u-boot/qemu-x86_64/u-boot.rom';
const SIZE = 246_000;
const START = fileURLToPath(new URL('../../packages/cli/src/start.ts', import.meta.url));
const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

const skip = missing('firmware that fetches over TFTP', {
  programs: ['qemu-system-x86_64', 'ip', 'tcpdump', 'tshark', 'dnsmasq', 'nft'],
  files: [OVMF, U_BOOT],
});

describe.skipIf(skip)('firmware', () => {
  let lan: Lan;
  let evidence: Evidence;
  let programs: ChildProcess[];
  let records: TransferRecord[];
  let wire: Wire;

  beforeEach(async () => {
    evidence = new Evidence('tftp-firmware');
    lan = createLan({ address: '10.77.0.1/24' });
    lan.addTap('tap0');
    programs = [];
    records = [];
    writeFileSync(`${evidence.folder}/boot.bin`, Buffer.alloc(SIZE, 'pxekit'));
    const server = lan.server.spawn(
      process.execPath,
      ['--conditions=@pxekit/source', '--import', 'tsx', START, 'tftp', 'serve', evidence.folder, '--host', '10.77.0.1', '--json'],
      { cwd: REPOSITORY, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    programs.push(server);
    let printed = '';
    server.stdout!.on('data', (chunk) => {
      printed += chunk;
      const lines = printed.split('\n');
      printed = lines.pop()!;
      for (const line of lines) records.push(JSON.parse(line));
    });
    await new Promise<void>((resolve, reject) => {
      server.stderr!.on('data', (text) => String(text).includes('serving') && resolve());
      server.on('close', () => reject(new Error('the server ended early')));
    });
    await evidence.capture(lan.server, 'tap0');
    wire = new Wire(lan.server, 'tap0');
    programs.push(wire.capture);
    await wire.started;
    programs.push(
      lan.server.spawn('dnsmasq', [
        ...[
          '-k',
          '--port=0',
          '--interface=br0',
          '--bind-interfaces',
          '--dhcp-range=10.77.0.50,10.77.0.60,1h',
          '--dhcp-boot=boot.bin,,10.77.0.1',
        ],
        ...['--conf-file=/dev/null', '--dhcp-leasefile=/dev/null', '--pid-file=', '--user=root', '--no-ping', '--log-facility=/dev/null'],
      ]),
    );
  });

  afterEach(async ({ task }) => {
    for (const program of programs) {
      const ended = new Promise((resolve) => program.once('exit', resolve));
      if (program.exitCode === null && program.signalCode === null && program.kill('SIGKILL')) await ended;
    }
    if (evidence && task.result?.state === 'fail') console.log(records);
    await evidence.close(task.result?.state === 'fail');
    lan.remove();
  });

  /** Drops 8 % of everything but DHCP, in both directions, datagram by datagram: windows are cut before the bridge sees them. */
  function loseDatagrams(): void {
    lan.server.ip('link', 'set', 'dev', 'br0', 'gso_max_segs', '1');
    const rule = ['udp', 'dport', '!=', '{', '67,', '68', '}', 'numgen', 'random', 'mod', '100', '<', '8', 'counter', 'drop'];
    lan.server.run('nft', ['add', 'table', 'bridge', 'loss']);
    for (const hook of ['input', 'output']) {
      lan.server.run('nft', ['add', 'chain', 'bridge', 'loss', hook, '{', 'type', 'filter', 'hook', hook, 'priority', '0', ';', '}']);
      lan.server.run('nft', ['add', 'rule', 'bridge', 'loss', hook, ...rule]);
    }
  }

  /** Starts a machine, types where asked, and gives its transfer of the whole file as its own wire shows it. */
  async function fetched(args: readonly string[], type?: (console: string, write: (text: string) => void) => void): Promise<Fetched> {
    const machine = lan.server.spawn(
      'qemu-system-x86_64',
      [
        ...[
          '-accel',
          'tcg',
          '-m',
          '512',
          '-smp',
          '1',
          '-nographic',
          '-vga',
          'none',
          '-monitor',
          'none',
          '-serial',
          'stdio',
          '-no-reboot',
          '-nodefaults',
        ],
        ...['-netdev', 'tap,id=n0,ifname=tap0,script=no,downscript=no', ...args],
      ],
      { stdio: ['pipe', 'pipe', 'pipe'] },
    );
    programs.push(machine);
    let shown = '';
    machine.stdout!.on('data', (chunk) => {
      shown += chunk.toString('latin1');
      type?.(shown, (text) => machine.stdin!.write(text));
    });
    await expect.poll(() => wire.fetched(), { timeout: 60_000, interval: 100, message: shown }).toBeDefined();
    return wire.fetched()!;
  }

  const ROM = ['-device', 'e1000,netdev=n0,bootindex=1'];
  const UEFI = [
    '-bios',
    OVMF,
    '-fw_cfg',
    'name=opt/org.tianocore/IPv6PXESupport,string=no',
    '-device',
    'virtio-net-pci,netdev=n0,bootindex=1,romfile=',
  ];
  const U_BOOT_ARGS = ['-bios', U_BOOT, '-device', 'e1000,netdev=n0,romfile='];

  /** Types commands at U-Boot's prompt, each when the prompt is there again. */
  function atPrompt(commands: readonly string[]): (console: string, write: (text: string) => void) => void {
    let stopped = false;
    let given = 0;
    return (console, write) => {
      if (!stopped && console.includes('Hit any key')) {
        stopped = true;
        write('\r');
      }
      const prompts = console.split('\n=> ').length - 1;
      if (stopped && given < commands.length && prompts > given) write(`${commands[given++]}\r`);
    };
  }
  const uBoot = (): ReturnType<typeof atPrompt> =>
    atPrompt([
      'setenv autoload no',
      'dhcp',
      'setenv tftpwindowsize 8',
      'setenv tftpblocksize 1468',
      'tftpboot 0x1000000 10.77.0.1:boot.bin',
    ]);

  it.each([false, true])('the iPXE ROM of QEMU, with losses: %s', async (losses) => {
    if (losses) loseDatagrams();
    const { options, bytes, milliseconds } = await fetched(ROM);
    expect({ options, bytes }).toEqual({ options: { blksize: '1432', tsize: String(SIZE) }, bytes: SIZE });
    expect(milliseconds).toBeLessThan(3000);
  });

  it.each([false, true])('OVMF, which probes first, with losses: %s', async (losses) => {
    if (losses) loseDatagrams();
    const { options, bytes, milliseconds } = await fetched(UEFI);
    expect({ options, bytes }).toEqual({ options: { blksize: '1468', windowsize: '4' }, bytes: SIZE });
    expect(milliseconds).toBeLessThan(3000);
    // When its ERROR 8 is lost the probe ends later, for want of an answer.
    if (!losses) expect(records).toMatchObject([{ outcome: 'probe' }, { outcome: 'complete', bytes: SIZE }]);
  });

  it.each([false, true])('U-Boot with a window of 8, with losses: %s', async (losses) => {
    if (losses) loseDatagrams();
    const { options, bytes, milliseconds } = await fetched(U_BOOT_ARGS, uBoot());
    expect(options).toMatchObject({ blksize: '1468', windowsize: '8', timeout: '5' });
    expect(bytes).toBe(SIZE);
    expect(milliseconds).toBeLessThan(3000);
  });
});
