import { makeOptions, type OptionsInput } from './build.js';
import { BROADCAST_FLAG, type Message, MessageType, type Option } from './message.js';
import { PXE_SPACE } from './options/pxe.js';
import type { OptionInputs } from './options/registry.js';
import { writeShape } from './options/shape.js';
import { findSubOption, subOptions } from './options/space.js';
import type { StandardOptions } from './options/standard.js';
import { ack, type DhcpReplyInput, offer, replyTo } from './reply.js';
import { textBytes } from './text.js';
import { get, getBytes, option, rawOption } from './values.js';

type PxeTable = (typeof PXE_SPACE)['registry']['table'];
/** Sub-options of option 43 by name, in the order they are to stand. */
export type PxeOptions = OptionInputs<PxeTable>;

/** What a client is to load, and from where. */
export interface Boot {
  /** Address of the server that has the file: header field `siaddr`. */
  server?: string;
  /** Its name for `sname` and option 66. Default for option 66: the address. */
  serverName?: string;
  /** Path, or a URL for HTTP boot: header field `file` and option 67. */
  file?: string;
}

/** Where the boot file and its server are named, and how options 66 and 67 end. */
export interface BootPolicy {
  /** `both`: most firmware reads the header, some only the options, shim only the header. A name too long for its field goes to the option only. */
  placement: 'both' | 'header' | 'options';
  /** Options that end in NUL: some ROMs and UEFI read past the end of 67 without. */
  terminate: 'file' | 'both' | 'none';
}

/** Policies that real machines need. */
export const BOOT_POLICIES = {
  /** Works with all firmware that was tried. */
  standard: { placement: 'both', terminate: 'file' },
  /** For ROMs that mix up the two when both are there. */
  header: { placement: 'header', terminate: 'none' },
  /** For clients that overload `file` and `sname`. */
  options: { placement: 'options', terminate: 'file' },
  /** Raspberry Pi: a NUL in option 66 is said to confuse it. */
  raspberryPi: { placement: 'both', terminate: 'none' },
} as const satisfies Record<string, BootPolicy>;

/** What the boot ROM of a Raspberry Pi looks for in option 43 before it goes on. */
export const RASPBERRY_PI_BOOT: PxeOptions = {
  bootMenu: [{ type: 0, description: 'Raspberry Pi Boot' }],
  menuPrompt: { timeout: 0, prompt: 'PXE' },
};

const FILE_FIELD = 128;
const SNAME_FIELD = 64;

/** The header fields and options that name a boot file. */
export function bootFields(
  { server, serverName, file }: Boot,
  { placement, terminate }: BootPolicy = BOOT_POLICIES.standard,
): { siaddr: string; sname: string; file: string; options: Option[] } {
  const fits = (text: string | undefined, field: number) => text !== undefined && textBytes(text).length < field;
  const header = placement !== 'options';
  const fileInHeader = header && fits(file, FILE_FIELD);
  const options: Option[] = [];
  const name = serverName ?? server;
  if (placement !== 'header') {
    if (name !== undefined) options.push(named(66, name, terminate === 'both'));
    if (file !== undefined) options.push(named(67, file, terminate !== 'none'));
  } else if (file !== undefined && !fileInHeader) options.push(named(67, file, false));
  return {
    siaddr: server ?? '0.0.0.0',
    sname: header && fits(serverName, SNAME_FIELD) ? serverName! : '',
    file: fileInHeader ? file! : '',
    options,
  };
}

function named(code: number, text: string, terminated: boolean): Option {
  return rawOption(code, textBytes(terminated ? `${text}\0` : text));
}

/**
 * The options that tell a PXE or HTTP boot client that a reply is for it: 60 as exactly `PXEClient` or `HTTPClient` (EDK2 and iPXE drop
 * replies without), 97 as it came when it is well formed, 43 when sub-options are given. Empty for clients that are neither.
 */
export function pxeOptions(request: Message, vendor?: PxeOptions): Option[] {
  const vendorClass = /^(?:PXE|HTTP)Client/.exec(get(request, 'vendorClassIdentifier') ?? '')?.[0];
  const options: Option[] = [];
  if (vendorClass) options.push(option('vendorClassIdentifier', vendorClass));
  const machine = vendorClass ? getBytes(request, 97) : undefined;
  if (machine?.length === 17 && machine[0] === 0) options.push(rawOption(97, machine));
  if (vendor) options.push(rawOption(43, writeShape(subOptions(PXE_SPACE), vendor)));
  return options;
}

export interface PxeReplyInput extends Omit<DhcpReplyInput, 'siaddr' | 'sname' | 'file'> {
  boot: Boot;
  /** Default `BOOT_POLICIES.standard`. */
  policy?: BootPolicy;
  /** Sub-options of option 43. `{ discoveryControl: DiscoveryControl.BOOT_FILE }` makes a ROM take the file at once. */
  pxe?: PxeOptions;
}

function withBoot(request: Message, { boot, policy, pxe, options, ...rest }: PxeReplyInput): DhcpReplyInput {
  const fields = bootFields(boot, policy);
  const given: OptionsInput<StandardOptions> = options ?? {};
  return { ...rest, ...fields, options: [...makeOptions(given), ...pxeOptions(request, pxe), ...fields.options] };
}

/** DHCPOFFER with an address and a boot file. */
export function pxeOffer(request: Message, input: PxeReplyInput & { yiaddr: string }): Message {
  return offer(request, { ...withBoot(request, input), yiaddr: input.yiaddr });
}

/** DHCPACK with an address and a boot file. */
export function pxeAck(request: Message, input: PxeReplyInput): Message {
  return ack(request, withBoot(request, input));
}

/**
 * DHCPOFFER of a proxyDHCP server (PXE 2.1): no address and no lease; the address comes from someone else's offer. It is broadcast unless
 * the client has an address.
 */
export function proxyOffer(request: Message, input: Omit<PxeReplyInput, 'yiaddr'>): Message {
  const reply = replyTo(request, MessageType.OFFER, withBoot(request, input));
  reply.options = reply.options.filter(({ code }) => code !== 51 && code !== 58 && code !== 59);
  return request.ciaddr === '0.0.0.0' ? { ...reply, flags: reply.flags | BROADCAST_FLAG } : reply;
}

/** The item of a boot menu that a client asks for on port 4011, option 43.71. */
export function requestedBootItem(request: Message): { type: number; layer: number } | undefined {
  const vendor = get(request, 'vendorSpecific');
  if (!vendor || vendor instanceof Uint8Array || vendor.space !== 'PXE') return undefined;
  return findSubOption(vendor.options, 'bootItem');
}

/**
 * DHCPACK of a boot server, on port 4011 (PXE 2.1): `yiaddr` is the client's `ciaddr`, the boot item asked for is sent back. Send it to
 * `bootServerDestination`, from port 4011: iPXE takes none from elsewhere.
 */
export function bootServerReply(request: Message, input: Omit<PxeReplyInput, 'yiaddr'>): Message {
  const bootItem = requestedBootItem(request);
  const pxe = bootItem ? { ...input.pxe, bootItem } : input.pxe;
  return replyTo(request, MessageType.ACK, { ...withBoot(request, { ...input, ...(pxe ? { pxe } : {}) }), yiaddr: request.ciaddr });
}
