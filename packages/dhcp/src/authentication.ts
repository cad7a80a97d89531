import { decode } from './decode.js';
import { DhcpError } from './issue.js';
import { StoredOption } from './stored-option.js';

/** HMAC-MD5 of octets under a key (RFC 2104): 16 octets. Brought by the caller, for instance from `node:crypto`. */
export type HmacMd5 = (key: Uint8Array, octets: Uint8Array) => Uint8Array;

const HMAC_MD5 = 1;
const DIGEST_SIZE = 16;
/** Protocol, algorithm, replay method, and replay detection stand before the authentication information. */
const INFORMATION = 11;
const HOPS = 3;
const GIADDR = 24;

/**
 * The message with its digest in option 90: delayed authentication (protocol 1, RFC 3118, section 5) or a FORCERENEW under a nonce
 * (protocol 3, type 2, RFC 6704). The option must be there with algorithm 1 and 16 octets for the digest, whatever they hold.
 * Throws `DhcpError` `DHCP_ENCODE_OPTION` when it is not, `DHCP_ENCODE_VALUE` when `hmac` gives something else.
 */
export function signMessage(datagram: Uint8Array, key: Uint8Array, hmac: HmacMd5): Uint8Array {
  const at = digestAt(datagram);
  if (at === undefined) throw new DhcpError('DHCP_ENCODE_OPTION', 'The message has no option 90 with room for an HMAC-MD5 digest.');
  const signed = datagram.slice();
  signed.set(digestOf(datagram, at, key, hmac), at);
  return signed;
}

/**
 * Whether option 90 of a message holds the digest that the key makes of it. The replay detection is for the caller to look at.
 * Throws `DhcpError` `DHCP_ENCODE_VALUE` when `hmac` does not give 16 octets.
 */
export function verifyMessage(datagram: Uint8Array, key: Uint8Array, hmac: HmacMd5): boolean {
  const at = digestAt(datagram);
  if (at === undefined) return false;
  const expected = digestOf(datagram, at, key, hmac);
  // All octets are compared: how long it takes tells nothing of where they differ.
  let difference = 0;
  for (let i = 0; i < DIGEST_SIZE; i++) difference |= datagram[at + i]! ^ expected[i]!;
  return difference === 0;
}

function digestOf(datagram: Uint8Array, at: number, key: Uint8Array, hmac: HmacMd5): Uint8Array {
  const digest = hmac(key, covered(datagram, at));
  // A promise has no octets, and what is missing would pass for zeros.
  if (digest.length !== DIGEST_SIZE) throw new DhcpError('DHCP_ENCODE_VALUE', `An HMAC-MD5 digest has ${DIGEST_SIZE} octets.`);
  return digest;
}

function optionAt(datagram: Uint8Array, code: number): StoredOption | undefined {
  const found = decode(datagram).message.options.find((option) => option.code === code && option.region === 'options');
  return found instanceof StoredOption ? found : undefined;
}

/** Where the digest of option 90 stands in the datagram. */
function digestAt(datagram: Uint8Array): number | undefined {
  const option = optionAt(datagram, 90);
  if (!option || datagram[option.start + 1] !== HMAC_MD5) return undefined;
  const protocol = datagram[option.start];
  // Behind the identifier of the secret, or behind the type of a reconfigure key that is a digest.
  const isDigest = protocol === 1 || (protocol === 3 && datagram[option.start + INFORMATION] === 2);
  const at = INFORMATION + (protocol === 1 ? 4 : 1);
  return isDigest && option.size === at + DIGEST_SIZE ? option.start + at : undefined;
}

/** What the digest is made of: the message without what relays change, `hops`, `giaddr` and option 82, and without the digest (RFC 3118, 3). */
function covered(datagram: Uint8Array, digest: number): Uint8Array {
  const octets = datagram.slice();
  octets[HOPS] = 0;
  octets.fill(0, GIADDR, GIADDR + 4);
  octets.fill(0, digest, digest + DIGEST_SIZE);
  const relay = optionAt(datagram, 82);
  if (!relay) return octets;
  const [start, end] = [relay.start - 2, relay.start + relay.size];
  octets.copyWithin(start, end);
  return octets.subarray(0, octets.length - (end - start));
}
