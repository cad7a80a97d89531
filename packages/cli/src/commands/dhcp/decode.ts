import { existsSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { DhcpError, decode, type Issue, listing, parseHex, toJson } from '@pxekit/dhcp';
import { type Datagram, datagrams, isCapture, readFrames } from '@pxekit/dhcp/pcap';
import { Command } from 'commander';
import { explainFailure, isExpected } from '../../failure.js';
import { linesOf, openInput, readAll } from '../../input.js';
import type { Io } from '../../io.js';

interface DecodeFlags {
  json?: boolean;
  strict?: boolean;
}

export function decodeCommand(io: Io): Command {
  return new Command('decode')
    .description('Show what DHCP and BOOTP messages say.')
    .argument(
      '[input...]',
      'hex, or a file with a line of hex per message, or a pcap or pcapng capture, also in gzip; without any, standard input',
    )
    .option('--json', 'print one JSON object per message')
    .option('--strict', 'take a message with any issue for a failure')
    .addHelpText(
      'after',
      `
What is read is the payload of the UDP datagram. Colons, blanks and a leading 0x in hex are allowed.
Messages are shown as they come. An input that is no BOOTP message, or cannot be read, is named, the others are shown, and the exit code is 1.

Examples:
  $ pxekit dhcp decode boot.pcapng
  $ tshark -r boot.pcap -T fields -e udp.payload udp.port==67 | pxekit dhcp decode --json
  $ pxekit dhcp decode --json discover.hex | pxekit dhcp encode`,
    )
    .action(async (inputs: string[], flags: DecodeFlags) => {
      for (const input of inputs.length > 0 ? inputs : ['-']) {
        if (input === '-' || existsSync(input)) await showFile(io, input, flags);
        else showHex(io, input, input, flags);
      }
    });
}

async function showFile(io: Io, name: string, flags: DecodeFlags): Promise<void> {
  const place = name === '-' ? 'standard input' : name;
  try {
    const { start, chunks } = await openInput(io, name);
    if (isCapture(start)) {
      await showCapture(io, place, await readAll(chunks), flags);
      return;
    }
    let number = 0;
    for await (const line of linesOf(chunks)) {
      number++;
      if (line.trim() !== '') showHex(io, `${place} line ${number}`, line, flags);
    }
  } catch (error) {
    if (!isExpected(error)) throw error;
    // One input that cannot be read is no reason to leave out the others.
    io.exitCode = 1;
    for (const line of explainFailure(error)) io.err(line.replace(/^pxekit: /, `pxekit: ${place}: `));
  }
}

async function showCapture(io: Io, place: string, bytes: Uint8Array, flags: DecodeFlags): Promise<void> {
  let found = 0;
  for (const datagram of datagrams(readFrames(bytes))) {
    if (datagram.protocol !== 'dhcp') continue;
    found++;
    show(io, `${place} frame ${datagram.frame}`, () => datagram.payload, flags, datagram);
    await turn();
  }
  if (found === 0) io.err(`pxekit: ${place} has no datagram of DHCP (UDP ports 67, 68, 4011)`);
}

function showHex(io: Io, place: string, text: string, flags: DecodeFlags): void {
  show(io, place, () => bytesOf(text.trim()), flags);
}

function bytesOf(text: string): Uint8Array {
  const digits = text.replace(/^0x/i, '');
  const bytes = parseHex(digits);
  if (bytes) return bytes;
  const bad = Math.max(0, digits.search(/[^0-9a-f:.\s-]/i));
  throw new DhcpError('DHCP_HEX', 'This is not hex, nor the name of a file.', bad + text.length - digits.length);
}

function show(io: Io, place: string, payload: () => Uint8Array, { json, strict }: DecodeFlags, datagram?: Datagram): void {
  try {
    const { message, issues } = decode(payload(), { check: true, strict, maxOptions: Number.POSITIVE_INFINITY });
    if (json) io.out(JSON.stringify(toJson(message, issues)));
    else io.out([...frameLine(datagram), listing(message), ...issues.map(issueLine), ''].join('\n'));
  } catch (error) {
    if (!(error instanceof DhcpError)) throw error;
    const { code, message, offset = 0 } = error;
    io.exitCode = 1;
    if (json) io.out(JSON.stringify({ error: { code, message, offset } }));
    else io.err(`${place}: ${code} at ${offset}: ${message}`);
  }
}

function frameLine(datagram: Datagram | undefined): string[] {
  if (!datagram) return [];
  const { frame, time, source, destination, vlans, truncated } = datagram;
  const notes = [...vlans.map((vlan) => ` vlan ${vlan}`), ...(truncated ? [` (cut: ${truncated})`] : [])];
  const stamp = new Date(Number(time / 1_000_000n)).toISOString();
  return [`frame ${frame}  ${stamp}  ${source.address}:${source.port} > ${destination.address}:${destination.port}${notes.join('')}`];
}

function issueLine({ code, message, offset }: Issue): string {
  return `  ! ${code} at ${offset}: ${message}`;
}
