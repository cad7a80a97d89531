import { writeFileSync } from 'node:fs';
import { writeCapture } from '@pxekit/dhcp/pcap';
import {
  type BootNetwork,
  CLIENT_KINDS,
  type ClientKind,
  LiveNetwork,
  localSite,
  normalizeMac,
  OfflineNetwork,
  requireMac,
  type SimulatedStep,
  type WalkResult,
  walk,
} from '@pxekit/server';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Io } from '../io.js';
import { configOption, loadNamed } from '../server/config-option.js';
import { printStep } from '../server/step-line.js';

interface SimulateOptions {
  config?: string;
  client: ClientKind;
  mac?: string;
  serial?: string;
  live?: string;
  dhcpPort?: string;
  clientPort?: string;
  tftpPort?: string;
  release?: string;
  pcap?: string;
  json?: boolean;
}

export function simulateCommand(io: Io): Command {
  return new Command('simulate')
    .addOption(configOption())
    .addOption(new Option('--client <kind>', 'which client to be').choices(CLIENT_KINDS).default('bios'))
    .option('--mac <machine>', 'hardware address, or name of a machine')
    .option('--serial <digits>', 'serial number of a Raspberry Pi, 8 hexadecimal digits (default: from the hardware address)', readSerial)
    .option('--live <address>', 'ask the server at this address over real sockets; needs root for port 68')
    .option('--dhcp-port <port>', 'with --live: port of the server (default 67)')
    .option('--tftp-port <port>', 'with --live: port of the server (default 69)')
    .option('--client-port <port>', 'with --live: port that answers come to (default 68)')
    .option('--release <release>', 'release to check the kickstart for')
    .option('--pcap <file>', 'write the DHCP datagrams to a capture file')
    .option('--json', 'print the steps and the result as JSON')
    .addHelpText(
      'after',
      `
Without --live the configuration itself answers: no port is opened, no lease and no machine state changes.
Exit code 1 when a step fails; the message names the step.

Examples:
  pxekit simulate --mac web1
  pxekit simulate --client uefi-x64 --mac 52:54:00:12:34:56 --json
  pxekit simulate --client rpi --mac dc:a6:32:12:34:56 --serial 9ffefdef
  pxekit simulate --live 10.77.0.1 --pcap boot.pcap`,
    )
    .action((options: SimulateOptions) => simulate(io, options));
}

function readSerial(text: string): string {
  if (!/^[0-9a-f]{8}$/i.test(text)) throw new InvalidArgumentError('8 hexadecimal digits are expected, such as 9ffefdef.');
  return text.toLowerCase();
}

async function simulate(io: Io, options: SimulateOptions): Promise<void> {
  const { mac, release, network } = await prepare(options);
  const steps: SimulatedStep[] = [];
  let result: WalkResult | undefined;
  let failure: (Error & { code?: string; step?: string; hint?: string }) | undefined;
  try {
    const random = () => Math.floor(Math.random() * 2 ** 32);
    const boot = walk({ client: options.client, mac, serial: options.serial, network, clock: () => performance.now(), random, release });
    let step = await boot.next();
    for (; !step.done; step = await boot.next()) {
      steps.push(step.value);
      if (!options.json) printStep(io, step.value);
    }
    result = step.value;
  } catch (error) {
    failure = error as Error;
  } finally {
    if (options.pcap !== undefined) writePackets(options.pcap, network, mac);
    await network.close();
  }
  if (options.json) {
    const { kickstart: _, ...rest } = result ?? { kickstart: undefined };
    const failed = failure && { step: failure.step, code: failure.code, message: failure.message, hint: failure.hint };
    io.out(JSON.stringify({ steps, result: result && rest, failed }, null, 2));
    if (failure) io.exitCode = 1;
  } else if (failure) throw failure;
  else io.out(result?.outcome === 'disk' ? 'The machine boots its disk.' : `The machine boots ${result?.kernel} ${result?.arguments}`);
}

async function prepare(options: SimulateOptions): Promise<{ mac: string | undefined; release: string | undefined; network: BootNetwork }> {
  const { live } = options;
  if (live !== undefined) {
    const port = (text: string | undefined, usual: number) => (text === undefined ? usual : Number(text));
    const ports = { dhcpPort: port(options.dhcpPort, 67), tftpPort: port(options.tftpPort, 69), clientPort: port(options.clientPort, 68) };
    // A configuration is needed only to know machines by their names.
    const mac = options.mac && (normalizeMac(options.mac) ?? requireMac(localSite(loadNamed(options.config)), options.mac));
    return { mac, release: options.release, network: await LiveNetwork.open({ server: live, ...ports }) };
  }
  const loaded = loadNamed(options.config);
  const mac = options.mac && requireMac(localSite(loaded), options.mac);
  const network = await OfflineNetwork.open(loaded);
  const { site } = network.core;
  const profile = mac === undefined ? undefined : site.machinesByMac.get(mac)?.machine.profile;
  const image = site.images.get(site.config.profiles[profile ?? '']?.image ?? '');
  return { mac, release: options.release ?? image?.release, network };
}

function writePackets(file: string, network: BootNetwork, mac: string | undefined): void {
  const datagrams = network.packets().map(({ at, from, to, data }) => ({
    time: BigInt(at) * 1_000_000n,
    source: from,
    destination: to,
    payload: data,
    ...(mac === undefined || from.port !== 68 ? {} : { hardware: mac }),
  }));
  writeFileSync(file, writeCapture(datagrams));
}
