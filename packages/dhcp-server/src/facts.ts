import { classify, getBytes, type Message } from '@pxekit/dhcp';
import { architectureKind, type BootKind } from './boot.js';
import { fromHex, type IdentityPolicy, identify, toHex } from './identity.js';
import { type Ipv4, parseIpv4 } from './ipv4.js';

/** Where a datagram came in. */
export interface Endpoint {
  /** The address clients reach this server at on this link: the default for server identifier and next-server. */
  readonly address: string;
  /** All addresses of the interface. */
  readonly addresses?: readonly string[];
  readonly port: number;
  /** Name of the network interface, if known. */
  readonly interface?: string | undefined;
}

export interface Request {
  message: Message;
  source: { address: string; port: number };
  local: Endpoint;
  /** Whether the datagram was sent to a broadcast address. */
  broadcast: boolean;
}

const decoder = new TextDecoder('utf-8');
const NOTHING = new Uint8Array(0);
/** Bit of 82.10: the client sent a unicast. */
const RELAYED_UNICAST = 0x80;

/**
 * What a request says, read once and only when asked for. All rules, classes and hooks look at these, not at bytes.
 */
export class RequestFacts {
  readonly message: Message;
  readonly source: { address: string; port: number };
  readonly local: Endpoint;
  readonly broadcast: boolean;
  /** Option 53, 0 for BOOTP. */
  readonly type: number;
  /** Key of the client by the identity policy; undefined if it shows no identity at all. */
  readonly client: string | undefined;
  #bootKind: BootKind | undefined | null = null;
  #relay: Map<number, Uint8Array> | undefined;
  #recalled: string | undefined;

  constructor(request: Request, identity: IdentityPolicy) {
    this.message = request.message;
    this.source = request.source;
    this.local = request.local;
    this.broadcast = request.broadcast;
    this.type = this.option(53)?.[0] ?? 0;
    this.client = identify({ htype: this.message.htype, hardware: this.message.chaddr, clientId: this.clientId }, identity);
  }

  /** All bytes of an option, its occurrences joined (RFC 3396); undefined if it is not there. */
  option(code: number): Uint8Array | undefined {
    return getBytes(this.message, code);
  }

  has(code: number): boolean {
    for (const option of this.message.options) if (option.code === code) return true;
    return false;
  }

  /** Text of an option without the NULs at its end. */
  text(code: number): string | undefined {
    const bytes = this.option(code);
    if (bytes === undefined) return undefined;
    let end = bytes.length;
    while (end > 0 && bytes[end - 1] === 0) end--;
    return decoder.decode(bytes.subarray(0, end));
  }

  /** The first address of an option. A copy of the same option behind it (some clients repeat them) does no harm. */
  address(code: number): Ipv4 | undefined {
    const bytes = this.option(code);
    return bytes === undefined || bytes.length < 4
      ? undefined
      : ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0;
  }

  /** Hardware address with colons. */
  get hardware(): string {
    return this.message.chaddr;
  }

  /** Option 61 as sent. */
  get clientId(): Uint8Array | undefined {
    return this.option(61);
  }

  get ciaddr(): Ipv4 {
    return parseIpv4(this.message.ciaddr) ?? 0;
  }

  get giaddr(): Ipv4 {
    return parseIpv4(this.message.giaddr) ?? 0;
  }

  /** Option 50. */
  get requestedAddress(): Ipv4 | undefined {
    return this.address(50);
  }

  /** Option 54. */
  get serverId(): Ipv4 | undefined {
    return this.address(54);
  }

  /** Option 51 in seconds. */
  get requestedLeaseTime(): number | undefined {
    return this.address(51);
  }

  /** Option 55: codes in the client's order. */
  get parameterList(): Uint8Array | undefined {
    return this.option(55);
  }

  /** Bytes a reply may have as UDP payload: option 57 less the IP and UDP headers, at least 548 (RFC 2131 section 2). */
  get maxReplySize(): number {
    const bytes = this.option(57);
    const size = bytes === undefined || bytes.length < 2 ? 576 : (bytes[0]! << 8) | bytes[1]!;
    return Math.max(576, Math.min(size, 1500)) - 28;
  }

  /** Option 12, up to its first NUL: a name has none, and not every store keeps what is behind one. */
  get hostname(): string | undefined {
    const name = this.text(12) ?? '';
    const end = name.indexOf('\0');
    return (end < 0 ? name : name.slice(0, end)) || undefined;
  }

  /** Option 60. */
  get vendorClass(): string | undefined {
    return this.text(60);
  }

  /** Option 77, in the counted form of RFC 3004 or as the plain text that iPXE and dhclient send. */
  get userClasses(): string[] {
    const bytes = this.option(77);
    if (bytes === undefined || bytes.length === 0) return [];
    const counted: string[] = [];
    let at = 0;
    while (at < bytes.length && bytes[at]! > 0 && at + 1 + bytes[at]! <= bytes.length) {
      counted.push(decoder.decode(bytes.subarray(at + 1, at + 1 + bytes[at]!)));
      at += 1 + bytes[at]!;
    }
    return at === bytes.length ? counted : [this.text(77)!];
  }

  /** Option 93: architecture types in the client's order. */
  get architectures(): number[] {
    const bytes = this.option(93) ?? NOTHING;
    return Array.from({ length: bytes.length >> 1 }, (_, n) => (bytes[2 * n]! << 8) | bytes[2 * n + 1]!);
  }

  /** Option 97 in hexadecimal, without its type byte; undefined unless it is 17 bytes of type 0. */
  get uuid(): string | undefined {
    const bytes = this.option(97);
    return bytes !== undefined && bytes.length === 17 && bytes[0] === 0 ? toHex(bytes.subarray(1)) : undefined;
  }

  /** Sub-option of the relay agent option (82). */
  relayOption(code: number): Uint8Array | undefined {
    this.#relay ??= subOptions(this.option(82) ?? NOTHING);
    return this.#relay.get(code);
  }

  /** A unicast from a client that has an address, which its relay did not see. */
  get bypassesRelay(): boolean {
    return !this.broadcast && this.ciaddr !== 0 && this.giaddr === 0 && !this.has(82);
  }

  /** @param agent option 82 as the relay sent it earlier, in hexadecimal: {@link circuitId} and {@link remoteId} come from it */
  recallRelay(agent: string): void {
    this.#recalled = agent;
  }

  #recalledOption(code: number): Uint8Array | undefined {
    return this.#recalled === undefined ? undefined : subOptions(fromHex(this.#recalled)).get(code);
  }

  /**
   * Whether the client sent this to all servers. Of a relayed request the relay says so (82.10, RFC 5010); it hears broadcasts
   * only, unless it stands in for the server (82.11, RFC 5107).
   */
  get isForAnyServer(): boolean {
    if (this.giaddr === 0) return this.broadcast;
    const flags = this.relayOption(10)?.[0];
    return flags === undefined ? this.relayOption(11) === undefined : (flags & RELAYED_UNICAST) === 0;
  }

  relayAddress(code: number): Ipv4 | undefined {
    const bytes = this.relayOption(code);
    return bytes?.length === 4 ? ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0 : undefined;
  }

  /** 82.1 in hexadecimal. */
  get circuitId(): string | undefined {
    const bytes = this.relayOption(1) ?? this.#recalledOption(1);
    return bytes && toHex(bytes);
  }

  /** 82.2 in hexadecimal. */
  get remoteId(): string | undefined {
    const bytes = this.relayOption(2) ?? this.#recalledOption(2);
    return bytes && toHex(bytes);
  }

  /** Option 43, if it is not empty. */
  get pxeOptions(): Uint8Array | undefined {
    return this.option(43);
  }

  /** The kind of network boot client this is, or undefined for a client that does not boot from the network. */
  get bootKind(): BootKind | undefined {
    if (this.#bootKind === null) this.#bootKind = this.#findBootKind();
    return this.#bootKind;
  }

  /** iPXE, by user class or by its own option 175, whatever firmware it runs on. */
  get isIpxe(): boolean {
    return this.has(175) || this.userClasses.includes('iPXE');
  }

  get isHttpBoot(): boolean {
    return this.vendorClass?.startsWith('HTTPClient') === true;
  }

  /** Whether the client says it is PXE firmware; only such a client understands a PXE reply. */
  get isPxe(): boolean {
    return this.vendorClass?.startsWith('PXEClient') === true;
  }

  /** UEFI firmware that boots over PXE by itself. */
  get isUefiPxe(): boolean {
    if (!this.isPxe || this.bootKind === 'ipxe') return false;
    const { architecture } = classify(this.message);
    return architecture?.firmware === 'uefi' && !architecture.http;
  }

  #findBootKind(): BootKind | undefined {
    // Most clients do not boot from the network; they show none of these.
    if (!this.has(60) && !this.has(77) && !this.has(93) && !this.has(175)) return undefined;
    const { kind, boot, architecture } = classify(this.message);
    if (kind === 'ipxe' || kind === 'raspberry-pi') return kind;
    if (architecture !== undefined && kind !== 'installer') return architectureKind([architecture.code]);
    if (kind === 'u-boot') return 'u-boot';
    // Firmware that names no architecture is as old as PXE itself.
    return boot === undefined ? undefined : boot === 'pxe' && this.architectures.length === 0 ? 'bios' : 'other';
  }
}

/** Sub-options of option 82 by code, the first of each. */
function subOptions(bytes: Uint8Array): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  for (let at = 0; at + 2 <= bytes.length && at + 2 + bytes[at + 1]! <= bytes.length; at += 2 + bytes[at + 1]!)
    if (!found.has(bytes[at]!)) found.set(bytes[at]!, bytes.subarray(at + 2, at + 2 + bytes[at + 1]!));
  return found;
}
