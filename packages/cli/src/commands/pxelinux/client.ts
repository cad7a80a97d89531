import { addressInHex, type Client, swapUuid } from '@pxekit/pxelinux';
import { type Command, InvalidArgumentError } from 'commander';
import { Failure } from '../../failure.js';
import { readOptionFile } from '../../files.js';

/** The flags that describe a client. */
export interface ClientFlags extends Omit<Client, 'cpu' | 'dmi'> {
  /** A file with all of it. */
  client?: string;
  smbiosUuid?: string;
}

export function addClientOptions(command: Command): Command {
  return command
    .option('--client <file>', 'JSON file with mac, arpType, ip, server, gateway, netmask, uuid, cpu, dmi')
    .option('--mac <address>', 'hardware address: 52:54:00:12:34:56', hardwareAddress)
    .option('--arp-type <number>', 'ARP hardware type (1 is Ethernet)', arpType)
    .option('--ip <address>', 'address of the client', ipv4)
    .option('--server <address>', 'address of the boot server', ipv4)
    .option('--gateway <address>', 'gateway', ipv4)
    .option('--netmask <mask>', 'netmask', ipv4)
    .option('--uuid <uuid>', 'UUID as PXELINUX prints it', uuid)
    .option('--smbios-uuid <uuid>', 'UUID as dmidecode shows it: the first three fields are turned around', uuid);
}

/** The client that the flags describe; single flags go before the file. */
export function clientOf({ client: file, smbiosUuid, ...flags }: ClientFlags): Client {
  const given = smbiosUuid === undefined ? flags : { uuid: swapUuid(smbiosUuid), ...flags };
  const facts: Client = file === undefined ? {} : readClient(file);
  for (const name of ['mac', 'arpType', 'ip', 'server', 'gateway', 'netmask', 'uuid'] as const) {
    if (given[name] !== undefined) Object.assign(facts, { [name]: given[name] });
  }
  return facts;
}

function readClient(file: string): Client {
  const text = readOptionFile(file);
  try {
    const facts: unknown = JSON.parse(text);
    if (typeof facts === 'object' && facts !== null && !Array.isArray(facts)) return facts as Client;
  } catch {
    // Told below.
  }
  throw new Failure(`${file} is no JSON object`, {
    code: 'CLI_CLIENT_FILE',
    hint: 'Write {"mac": "…", "ip": "…", "uuid": "…"}.',
    exitCode: 2,
  });
}

function hardwareAddress(text: string): string {
  if (!/^[0-9a-f]{1,2}([:-][0-9a-f]{1,2}){5,19}$/i.test(text)) throw new InvalidArgumentError('Write it as 52:54:00:12:34:56.');
  return text
    .split(/[:-]/)
    .map((byte) => byte.padStart(2, '0'))
    .join(':');
}

function ipv4(text: string): string {
  if (addressInHex(text) === undefined) throw new InvalidArgumentError('Write it as 192.0.2.1.');
  return text;
}

function uuid(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) throw new InvalidArgumentError('Write it as 8-4-4-4-12 hex digits.');
  return text;
}

function arpType(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) > 255) throw new InvalidArgumentError('Give a number from 0 to 255.');
  return Number(text);
}
