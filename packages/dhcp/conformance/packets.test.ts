// Packets no one here wrote, checked against what tshark says of them. The package keeps those captured for this project; a folder
// of vectors (PXEKIT_VECTORS, default ../shared/vectors beside the checkout) may hold more in the same form:
// dhcp/packets.json = [{ id, source, hex, tshark: { options, malformed?, op, xid, ciaddr, ... } }]
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decode, encode, formatHex, parseHex } from '@pxekit/dhcp';
import { expect, test } from 'vitest';

interface Packet {
  id: string;
  source: string;
  hex: string;
  malformed?: boolean;
  tshark: { options: number[]; malformed?: boolean; op?: string; xid?: string; [field: string]: unknown };
}

const checkout = fileURLToPath(new URL('../../..', import.meta.url));
const vectors = process.env.PXEKIT_VECTORS ?? `${checkout}../shared/vectors`;
const outside = `${vectors}/dhcp/packets.json`;
const own = fileURLToPath(new URL('packets.json', import.meta.url));

/** Packets that tshark reads otherwise than the RFCs say, by id. */
const skip: Record<string, string> = {};

/** Field, its form at tshark, its form here. */
const FIELDS: [string, (message: ReturnType<typeof decode>['message']) => string][] = [
  ['op', ({ op }) => String(op)],
  ['xid', ({ xid }) => `0x${xid.toString(16).padStart(8, '0')}`],
  ['ciaddr', ({ ciaddr }) => ciaddr],
  ['yiaddr', ({ yiaddr }) => yiaddr],
  ['siaddr', ({ siaddr }) => siaddr],
  ['giaddr', ({ giaddr }) => giaddr],
  ['sname', ({ sname }) => sname],
  ['file', ({ file }) => file],
];

function run(name: string, file: string): void {
  const packets = JSON.parse(readFileSync(file, 'utf8')) as Packet[];
  test(`${name}: every packet is read, shows what tshark shows, and is written back octet by octet`, () => {
    const result = { packets: packets.length, read: 0, options: 0, fields: 0, roundtrip: 0, skipped: 0, malformed: 0 };
    const failures: string[] = [];
    for (const { id, source, hex, malformed, tshark } of packets) {
      if (skip[id]) {
        console.log(`skipped ${id}: ${skip[id]}`);
        result.skipped++;
        continue;
      }
      const tsharkMalformed = malformed ?? tshark.malformed ?? false;
      if (tsharkMalformed) result.malformed++;
      const bytes = parseHex(hex)!;
      let decoded: ReturnType<typeof decode>;
      try {
        decoded = decode(bytes, { check: true });
      } catch (error) {
        if (!tsharkMalformed) failures.push(`${id} ${source}: ${String(error)}`);
        continue;
      }
      result.read++;
      const { message } = decoded;
      if (formatHex(encode(message)) === hex) result.roundtrip++;
      else failures.push(`${id} ${source}: written otherwise`);
      const left = message.options.map(({ code }) => code);
      const missing = tshark.options.filter((code) => {
        // tshark lists Pad and End as well.
        if (code === 0 || code === 255) return false;
        const at = left.indexOf(code);
        if (at >= 0) left.splice(at, 1);
        return at < 0;
      });
      if (missing.length === 0) result.options++;
      else failures.push(`${id} ${source}: options ${missing.join(', ')} not listed`);
      const other = FIELDS.filter(([field, form]) => {
        const seen = tshark[field];
        // tshark escapes what cannot be printed.
        return typeof seen === 'string' && !/[\\\p{Cc}]/u.test(seen) && seen !== form(message);
      });
      if (other.length === 0 || tsharkMalformed) result.fields++;
      else failures.push(`${id} ${source}: ${other.map(([field]) => field).join(', ')} read otherwise`);
    }
    console.log(`${name}: ${JSON.stringify(result)}`);
    expect(failures).toEqual([]);
  });
}

run('packets of this package', own);
if (existsSync(outside)) run(outside, outside);
else console.log(`no outside packets: ${outside} is not there`);
