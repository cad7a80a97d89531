import type { BootKind } from './boot.js';
import type { RequestFacts } from './facts.js';

/** All fields that are given must fit; in a list one entry must. A function sees every fact of the request. */
export type ClassMatch = ClassFields | ((facts: RequestFacts) => boolean);

export interface ClassFields {
  /** Kind of network boot client. */
  kind?: BootKind | BootKind[];
  /** Beginning of the vendor class (option 60): `PXEClient`, `MSFT`, `docsis`. */
  vendorClass?: string | string[];
  /** One of the user classes (option 77), whole. */
  userClass?: string | string[];
  /** Beginning of the hardware address with colons: `b8:27:eb`. */
  mac?: string | string[];
  /** Relay address (giaddr), whole. */
  relay?: string | string[];
  /** Agent circuit identifier (82.1): text, or hexadecimal after `0x`. */
  circuitId?: string | string[];
}

export function matches(match: ClassMatch, facts: RequestFacts): boolean {
  if (typeof match === 'function') return match(facts);
  const { kind, vendorClass, userClass, mac, relay, circuitId } = match;
  return (
    some(kind, (each) => facts.bootKind === each) &&
    some(vendorClass, (each) => facts.vendorClass?.startsWith(each) === true) &&
    some(userClass, (each) => facts.userClasses.includes(each)) &&
    some(mac, (each) => facts.hardware.startsWith(each.toLowerCase().replaceAll('-', ':'))) &&
    some(relay, (each) => facts.message.giaddr === each) &&
    some(circuitId, (each) => facts.circuitId === relayIdHex(each))
  );
}

function some<T>(wanted: T | T[] | undefined, fits: (each: T) => boolean): boolean {
  if (wanted === undefined) return true;
  return Array.isArray(wanted) ? wanted.some(fits) : fits(wanted);
}

/** `0x0a0b` as hexadecimal, anything else as the bytes of its text; both as hexadecimal. */
export function relayIdHex(text: string): string {
  if (/^0x(?:[0-9a-f]{2})+$/i.test(text)) return text.slice(2).toLowerCase();
  return Buffer.from(text).toString('hex');
}
