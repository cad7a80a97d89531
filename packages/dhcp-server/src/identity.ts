/**
 * By what a client is known again.
 *
 * - `mac-then-client-id` (default): the hardware address, and the client identifier where there is none (InfiniBand,
 *   FireWire: `hlen` 0, RFC 4390). The boot ROM, iPXE and the installer of one machine send different client
 *   identifiers; by this policy the machine keeps its address through all of them.
 * - `client-id`: option 61 if sent, else the hardware address: RFC 2131 section 4.2 to the letter.
 * - `mac`: the hardware address only; who has none is not served.
 */
export type IdentityPolicy = 'mac' | 'client-id' | 'mac-then-client-id';

export interface ClientAddressFields {
  /** Hardware type (1 Ethernet, 6 IEEE 802, 32 InfiniBand). */
  htype: number;
  /** Hardware address with colons, empty if there is none: `Message.chaddr`. */
  hardware: string;
  /** Option 61 as sent. */
  clientId?: Uint8Array | undefined;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array, separator = ''): string {
  let text = '';
  for (let at = 0; at < bytes.length; at++) text += at === 0 ? HEX[bytes[at]!] : separator + HEX[bytes[at]!];
  return text;
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length >> 1 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}

/** Key of the client for leases and reservations, or undefined if the policy finds nothing to know it by. */
export function identify(fields: ClientAddressFields, policy: IdentityPolicy): string | undefined {
  const byId = fields.clientId !== undefined && fields.clientId.length >= 2 ? `id/${toHex(fields.clientId)}` : undefined;
  if (policy === 'client-id' && byId !== undefined) return byId;
  const byHardware = isUnset(fields.hardware) ? undefined : hardwareKey(fields.htype, fields.hardware);
  if (byHardware !== undefined || policy === 'mac') return byHardware;
  return byId;
}

function isUnset(hardware: string): boolean {
  for (let at = 0; at < hardware.length; at++) if (hardware.charCodeAt(at) !== 48 && hardware.charCodeAt(at) !== 58) return false;
  return true;
}

/** IEEE 802 (6) and Ethernet (1) share their addresses; some firmware says 6 where the system later says 1. */
export function hardwareKey(htype: number, colons: string): string {
  return htype === 1 || htype === 6 ? `mac/${colons}` : `hw${htype}/${colons}`;
}

/** FNV-1a: spreads clients over a pool, the same way after every restart. */
export function hashKey(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  // FNV's low bits are weak for keys that differ in their last digit; mix them once.
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 0;
}
