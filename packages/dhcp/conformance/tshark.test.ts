// The options of generated messages, beside what tshark lists of them: every option code, sub-options, overload, long options, pads, garbage,
// and packets of real firmware with octets changed and cut off.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMessage, decode, encode, formatHex, parseHex } from '@pxekit/dhcp';
import { writeCapture } from '@pxekit/dhcp/pcap';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OPTIONS } from '../src/options/standard.js';
import { CASES } from '../test/options/cases.js';

const packets = (JSON.parse(readFileSync(new URL('packets.json', import.meta.url), 'utf8')) as { hex: string }[]).map(
  ({ hex }) => parseHex(hex)!,
);

/** Options of the table with right octets, and any code with any octets. */
const right = Object.entries(CASES).flatMap(([name, cases]) =>
  cases.map(({ hex }) => framed(OPTIONS[name as 'routers'].code, [...parseHex(hex)!])),
);
const any = fc
  .tuple(fc.integer({ min: 1, max: 254 }), fc.uint8Array({ maxLength: 600, size: 'medium' }))
  .map(([code, data]) => framed(code, [...data]));
const option = fc.oneof(fc.constantFrom(...right), any).filter(([code]) => code !== OPTIONS.overload.code);
const area = fc
  .array(fc.oneof({ weight: 9, arbitrary: option }, fc.constant([0]), fc.constant([0, 0, 0])), { maxLength: 12 })
  .map((options) => options.flat());

/** An option, in parts of 255 octets when it is longer (RFC 3396). */
function framed(code: number, data: number[]): number[] {
  const part = data.slice(0, 255);
  return [code, part.length, ...part, ...(data.length > 255 ? framed(code, data.slice(255)) : [])];
}

const generated = fc
  .record({
    header: fc.record({
      op: fc.constantFrom(1, 2),
      xid: fc.nat(),
      file: fc.constantFrom('', 'pxelinux.0'),
      sname: fc.constantFrom('', 'srv'),
    }),
    type: fc.integer({ min: 1, max: 18 }),
    overload: fc.option(fc.integer({ min: 1, max: 3 })),
    options: area,
    file: area,
    sname: area,
    tail: fc.constantFrom<number[][]>([255], [255, 0, 0, 0], [255, 1, 2, 3], [], [12], [12, 9, 97]),
  })
  .map(({ header, type, overload, options, file, sname, tail }) => {
    const head = encode(createMessage(header)).slice(0, 240);
    if (overload && overload & 1) head.set([...file, 255].slice(0, 128), 108);
    if (overload && overload & 2) head.set([...sname, 255].slice(0, 64), 44);
    return Uint8Array.of(...head, 53, 1, type, ...(overload ? [52, 1, overload] : []), ...options, ...tail);
  });

const mutated = fc
  .tuple(
    fc.constantFrom(...packets),
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
    fc.integer({ min: 1, max: 60 }),
    fc.boolean(),
  )
  .map(([packet, changes, cut, cuts]) => {
    const bytes = packet.slice(0, cuts ? Math.max(240, packet.length - cut) : packet.length);
    // The header and the cookie stay: from a damaged cookie on tshark reads something else.
    for (const [at, octet] of changes) bytes[240 + (at % Math.max(1, bytes.length - 240))] = octet;
    return bytes;
  });

interface Seen {
  malformed: boolean;
  codes: number[];
}

function tshark(payloads: readonly Uint8Array[]): Seen[] {
  const folder = mkdtempSync(join(tmpdir(), 'pxekit-tshark-'));
  const file = join(folder, 'messages.pcap');
  try {
    const [source, destination] = [
      { address: '10.0.0.9', port: 68 },
      { address: '10.0.0.1', port: 67 },
    ];
    writeFileSync(file, writeCapture(payloads.map((payload) => ({ source, destination, payload }))));
    const fields = ['-T', 'fields', '-e', '_ws.malformed', '-e', 'dhcp.option.type', '-E', 'separator=|'];
    const lines = execFileSync('tshark', ['-r', file, ...fields], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n');
    return payloads.map((_, index) => {
      const [malformed = '', codes = ''] = lines[index]!.split('|');
      return {
        malformed: malformed !== '',
        codes: codes
          .split(',')
          .map(Number)
          .filter((code) => code !== 0 && code !== 255),
      };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function isThere(): boolean {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log('not compared with tshark: it is not installed');
    return false;
  }
}

/** tshark lists what stands in `sname` and `file` behind option 52; here it comes last. */
function inOrderOfTshark(bytes: Uint8Array): number[] {
  const { options } = decode(bytes).message;
  const of = (region: string) => options.filter((entry) => entry.region === region).map(({ code }) => code);
  const own = of('options');
  const at = own.indexOf(52) + 1;
  return [...own.slice(0, at), ...of('sname'), ...of('file'), ...own.slice(at)];
}

test.runIf(isThere())('every option that tshark lists is listed, in its order, and nothing else', () => {
  const payloads = [...fc.sample(generated, 1500), ...fc.sample(mutated, 1500)];
  const seen = tshark(payloads);
  const compared = seen.filter(({ malformed }) => !malformed).length;
  console.log(`${compared} of ${payloads.length} messages compared; tshark gives up on the others`);
  expect(compared).toBeGreaterThan(payloads.length / 3);
  for (const [index, { malformed, codes }] of seen.entries()) {
    const bytes = payloads[index]!;
    const ours = inOrderOfTshark(bytes);
    // Where tshark gives up at an option, what it listed before must be here too.
    if (malformed) expect([formatHex(bytes), codes.filter((code) => !ours.includes(code))]).toEqual([formatHex(bytes), []]);
    else expect([formatHex(bytes), ours]).toEqual([formatHex(bytes), codes]);
  }
});
