import { makeOptions, type OptionsInput } from './build.js';
import { BOOTREPLY, BROADCAST_FLAG, type Message, MessageType, type Option } from './message.js';
import { get, getBytes, option, rawOption } from './values.js';

export interface ReplyInput {
  /** Option 54 and the address the client is to answer. Leave it out for BOOTP only. */
  serverIdentifier?: string;
  /** The client's address. Default 0.0.0.0. */
  yiaddr?: string;
  /** Next server, where the boot file is. Default 0.0.0.0. */
  siaddr?: string;
  sname?: string;
  file?: string;
  /** In the order they are to stand. Options 53, 54, 61 and 82 come from the reply itself; naming one here overrides it. */
  options?: OptionsInput;
  /** Send option 61 back (RFC 6842). Default true; some old clients take a reply with it for another's. */
  echoClientIdentifier?: boolean;
}

export type DhcpReplyInput = ReplyInput & { serverIdentifier: string };

/** Whether a message is plain BOOTP (RFC 951): it has no option 53. */
export function isBootp(message: Message): boolean {
  return !message.options.some(({ code }) => code === 53);
}

/**
 * A BOOTREPLY to a request (RFC 2131, table 3). It takes over xid, flags, giaddr, and the hardware address, sends options 61
 * (RFC 6842) and 82 (RFC 3046, last and octet by octet) back, and puts option 53 first when there is a `type`.
 */
export function replyTo(request: Message, type: number | undefined, input: ReplyInput = {}): Message {
  const { serverIdentifier, yiaddr = '0.0.0.0', siaddr = '0.0.0.0', sname = '', file = '', options = {} } = input;
  const given = makeOptions(options);
  const own: Option[] = [];
  if (type !== undefined) {
    own.push(option('messageType', type as 1));
    if (serverIdentifier !== undefined) own.push(option('serverIdentifier', serverIdentifier));
  }
  const last: Option[] = [];
  const clientId = type !== undefined && input.echoClientIdentifier !== false ? getBytes(request, 61) : undefined;
  if (clientId) last.push(rawOption(61, clientId));
  const relay = getBytes(request, 82);
  if (relay) last.push(rawOption(82, relay));
  const set = new Set(given.map(({ code }) => code));
  const missing = ({ code }: Option) => !set.has(code);
  const relayGiven = given.filter(({ code }) => code === 82);
  return {
    op: BOOTREPLY,
    htype: request.htype,
    hlen: request.hlen,
    hops: 0,
    xid: request.xid,
    secs: 0,
    flags: request.flags,
    ciaddr: '0.0.0.0',
    yiaddr,
    siaddr,
    giaddr: request.giaddr,
    chaddr: request.chaddr,
    sname,
    file,
    options: [...own.filter(missing), ...given.filter(({ code }) => code !== 82), ...last.filter(missing), ...relayGiven],
  };
}

/** DHCPOFFER. */
export function offer(request: Message, input: DhcpReplyInput & { yiaddr: string }): Message {
  return replyTo(request, MessageType.OFFER, input);
}

/** DHCPACK. `ciaddr` of the request is kept; an ACK to an INFORM has no `yiaddr` and no lease time (RFC 2131, 4.3.5). */
export function ack(request: Message, input: DhcpReplyInput): Message {
  const informed = get(request, 'messageType') === MessageType.INFORM;
  const reply = replyTo(request, MessageType.ACK, informed ? { ...input, yiaddr: '0.0.0.0' } : input);
  if (informed) reply.options = reply.options.filter(({ code }) => code !== 51 && code !== 58 && code !== 59);
  return { ...reply, ciaddr: request.ciaddr };
}

/**
 * DHCPNAK: options 53, 54, 56, 61, 82 and nothing else (RFC 2131, table 3). Through a relay the broadcast flag is set: the client
 * may no longer hear the address it asked from (4.3.2).
 */
export function nak(request: Message, { serverIdentifier, message }: { serverIdentifier: string; message?: string }): Message {
  const reply = replyTo(request, MessageType.NAK, { serverIdentifier, options: message === undefined ? {} : { message } });
  return request.giaddr === '0.0.0.0' ? reply : { ...reply, flags: reply.flags | BROADCAST_FLAG };
}

/** BOOTREPLY without option 53 (RFC 951, RFC 1542). */
export function bootpReply(request: Message, input: Omit<ReplyInput, 'serverIdentifier'> & { yiaddr: string }): Message {
  return replyTo(request, undefined, input);
}
