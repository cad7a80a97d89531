import { existsSync } from 'node:fs';
import { DhcpError, decode, type Issue, listing, parseHex, toJson } from '@pxekit/dhcp';
import { type Datagram, datagrams, isCapture, readFrames } from '@pxekit/dhcp/pcap';
import { Command } from 'commander';
import { type Io, readInput } from '../../io.js';

interface DecodeFlags {
  json?: boolean;
  strict?: boolean;
}

export function decodeCommand(io: Io): Command {
  return new Command('decode')
    .description('Show what DHCP and BOOTP messages say.')
    .argument('[input...]', 'hex, or a file with a line of hex per message, or a pcap or pcapng capture; without any, standard input')
    .option('--json', 'print one JSON object per message')
    .option('--strict', 'take a message with any issue for a failure')
    .addHelpText(
      'after',
      `
What is read is the payload of the UDP datagram. Colons, blanks and a leading 0x in hex are allowed.
Exit code 1 when an input was no BOOTP message.

Examples:
  $ pxekit dhcp decode boot.pcapng
  $ tshark -r boot.pcap -T fields -e udp.payload udp.port==67 | pxekit dhcp decode --json
  $ pxekit dhcp decode --json discover.hex | pxekit dhcp encode`,
    )
    .action(async (inputs: string[], flags: DecodeFlags) => {
      for (const input of inputs.length > 0 ? inputs : ['-']) {
        if (input === '-' || existsSync(input)) await showFile(io, input, flags);
        else showHex(io, input, flags);
      }
    });
}

async function showFile(io: Io, name: string, flags: DecodeFlags): Promise<void> {
  const bytes = await readInput(io, name);
  if (isCapture(bytes)) {
    for (const datagram of datagrams(readFrames(bytes))) {
      if (datagram.protocol === 'dhcp') show(io, () => datagram.payload, flags, datagram);
    }
    return;
  }
  for (const line of new TextDecoder().decode(bytes).split('\n')) if (line.trim() !== '') showHex(io, line, flags);
}

function showHex(io: Io, text: string, flags: DecodeFlags): void {
  show(io, () => bytesOf(text.trim()), flags);
}

function bytesOf(text: string): Uint8Array {
  const digits = text.replace(/^0x/i, '');
  const bytes = parseHex(digits);
  if (bytes) return bytes;
  const bad = Math.max(0, digits.search(/[^0-9a-f:.\s-]/i));
  throw new DhcpError('DHCP_HEX', 'This is not hex, nor the name of a file.', bad + text.length - digits.length);
}

function show(io: Io, payload: () => Uint8Array, { json, strict }: DecodeFlags, datagram?: Datagram): void {
  try {
    const { message, issues } = decode(payload(), { check: true, strict, maxOptions: Number.POSITIVE_INFINITY });
    if (json) io.out(JSON.stringify(toJson(message, issues)));
    else io.out([...frameLine(datagram), listing(message), ...issues.map(issueLine), ''].join('\n'));
  } catch (error) {
    if (!(error instanceof DhcpError)) throw error;
    const { code, message, offset = 0 } = error;
    io.exitCode = 1;
    if (json) io.out(JSON.stringify({ error: { code, message, offset } }));
    else io.out([...frameLine(datagram), `${code} at ${offset}: ${message}`, ''].join('\n'));
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
