import { existsSync, readFileSync } from 'node:fs';
import {
  check,
  classify,
  createMessage,
  DhcpError,
  decode,
  destination,
  encode,
  encodeNormalized,
  formatHex,
  fromJson,
  get,
  getBytes,
  listing,
  type Message,
  OPTIONS,
  type Option,
  option,
  parseHex,
  rawOption,
  readOptions,
  STANDARD,
  summary,
  toJson,
} from '@pxekit/dhcp';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CASES } from './options/cases.js';

const own = new URL('../conformance/packets.json', import.meta.url);
const packets = existsSync(own) ? (JSON.parse(readFileSync(own, 'utf8')) as { hex: string }[]).map(({ hex }) => parseHex(hex)!) : [];

/** Everything one can do with a message that came from outside; only a documented error may come out of it. */
function exercise(bytes: Uint8Array): void {
  let message: Message;
  try {
    message = decode(bytes, { check: true }).message;
  } catch (error) {
    expect(error).toBeInstanceOf(DhcpError);
    expect((error as DhcpError).code).toBe('DHCP_NOT_BOOTP');
    expect(bytes.length).toBeLessThan(236);
    return;
  }
  expect(encode(message)).toEqual(bytes);
  for (const issue of decode(bytes, { check: true }).issues) {
    expect(issue.offset).toBeGreaterThanOrEqual(0);
    expect(issue.offset).toBeLessThanOrEqual(bytes.length);
  }
  readOptions(message);
  classify(message);
  summary(message);
  listing(message);
  destination(message, message, { address: '10.0.0.1', port: 67 });
  const { message: whole } = decode(bytes, { maxOptions: Number.POSITIVE_INFINITY });
  expect(encode(fromJson(JSON.parse(JSON.stringify(toJson(whole)))))).toEqual(bytes);
  try {
    decode(bytes, { strict: true });
  } catch (error) {
    expect(error).toBeInstanceOf(DhcpError);
  }
  try {
    const normal = encodeNormalized(message, { maxSize: 1472 });
    expect(normal.length).toBeLessThanOrEqual(1472);
    expect(encodeNormalized(decode(normal).message, { maxSize: 1472 })).toEqual(normal);
  } catch (error) {
    expect(error).toBeInstanceOf(DhcpError);
  }
}

/** The bytes inside a larger buffer whose other octets would betray a read outside: the result may not depend on them. */
function within(bytes: Uint8Array, filling: number): Uint8Array {
  const whole = new Uint8Array(bytes.length + 64).fill(filling);
  whole.set(bytes, 32);
  return whole.subarray(32, 32 + bytes.length);
}

const area = fc.uint8Array({ maxLength: 700 });
const header = fc.uint8Array({ minLength: 236, maxLength: 236 });
const withCookie = (head: Uint8Array, options: Uint8Array): Uint8Array => Uint8Array.of(...head, 99, 130, 83, 99, ...options);

/** Options that are well framed, with data of any kind. */
const framed = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constantFrom(43, 52, 55, 77, 81, 82, 97, 119, 120, 121, 124, 125, 162, 175, 220), fc.integer({ min: 1, max: 254 })),
      fc.uint8Array({ maxLength: 40 }),
    ),
    {
      maxLength: 20,
    },
  )
  .map((options) => Uint8Array.from([...options.flatMap(([code, data]) => [code, data.length, ...data]), 255]));

describe('any octets at all', () => {
  test('random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), exercise));
  });

  test('a header, a cookie, and random bytes', () => {
    fc.assert(fc.property(header, area, (head, options) => exercise(withCookie(head, options))));
  });

  test('framed options with random data, over an overload that reaches them all', () => {
    fc.assert(
      fc.property(header, framed, fc.integer({ min: 0, max: 4 }), framed, framed, (head, options, overload, file, sname) => {
        const bytes = withCookie(head, Uint8Array.of(52, 1, overload, ...options));
        bytes.set(file.subarray(0, 128), 108);
        bytes.set(sname.subarray(0, 64), 44);
        exercise(bytes);
      }),
    );
  });

  test('real packets with octets changed, cut and repeated', () => {
    const mutation = fc.record({ at: fc.nat(), octet: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(
        fc.constantFrom(...packets),
        fc.array(mutation, { maxLength: 8 }),
        fc.nat(),
        fc.uint8Array({ maxLength: 8 }),
        (packet, changes, cut, tail) => {
          const bytes = Uint8Array.of(...packet.subarray(0, packet.length - (cut % 3 === 0 ? cut % packet.length : 0)), ...tail);
          for (const { at, octet } of changes) if (bytes.length > 0) bytes[at % bytes.length] = octet;
          exercise(bytes);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('nothing outside the view is read', () => {
    fc.assert(
      fc.property(header, framed, fc.nat(), (head, options, cut) => {
        const whole = withCookie(head, options);
        const bytes = whole.subarray(0, Math.max(236, whole.length - (cut % 30)));
        const [one, other] = [0, 255].map((filling) => {
          const { message, issues } = decode(within(bytes, filling), { check: true });
          return JSON.stringify(toJson(message, issues));
        });
        expect(one).toBe(other);
      }),
    );
  });
});

/** A long option in parts of 255 octets (RFC 3396). */
function asParts(code: number, data: readonly number[]): number[] {
  const area: number[] = [];
  for (let from = 0; from < data.length; from += 255) {
    const part = data.slice(from, from + 255);
    area.push(code, part.length, ...part);
  }
  return area;
}

describe('structures built to be hostile', () => {
  const packet = (...options: number[]) => withCookie(new Uint8Array(236).fill(1, 0, 3), Uint8Array.from(options));

  test('compression pointers that loop, point forward, or chain as long as they can', () => {
    for (const code of [119, 120, 141, 81, 88, 137, 146, 147, 162, 213]) {
      for (const data of [
        [0xc0, 0],
        [0xc0, 2, 0xc0, 0],
        [1, 97, 0xc0, 0],
        [0xff, 0xff],
        [0xc0],
        [0, ...Array.from({ length: 120 }, (_, index) => [0xc0, index === 0 ? 0 : index * 2 - 1]).flat()],
      ]) {
        exercise(packet(code, data.length, ...data, 255));
      }
    }
  });

  test('a chain of pointers costs at most the name they make', () => {
    // Every name points at the one before and adds a label: 255 octets bound each, so the work stays linear.
    const parts: number[] = [1, 97, 0];
    let last = 0;
    while (parts.length < 8000) {
      const at = parts.length;
      parts.push(1, 98, 0xc0 | (last >> 8), last & 255);
      last = at;
    }
    const { message } = decode(packet(...asParts(119, parts), 255));
    expect(get(message, 'domainSearch')!.length).toBeGreaterThan(50);
    expect(get(message, 'domainSearch')!.every((name) => name.length <= 255)).toBe(true);
  });

  test('lengths of sub-options that reach out of their option', () => {
    for (const code of [43, 63, 82, 122, 124, 125, 139, 140, 175, 220]) {
      for (const data of [[1], [1, 255], [1, 5, 0], [0, 0, 0, 9, 255, 1, 255], [0, 0, 0, 9], [255, 255, 255]]) {
        const bytes = packet(code, data.length, ...data, 255);
        exercise(bytes);
        expect(check(decode(bytes).message).every(({ offset }) => offset <= bytes.length)).toBe(true);
      }
    }
  });

  test('overload that points at itself, at both, and without end', () => {
    for (const overload of [0, 1, 2, 3, 4, 255]) {
      const bytes = packet(52, 1, overload, 52, 1, 3, 255);
      bytes.fill(52, 44, 236);
      exercise(bytes);
      bytes.fill(255, 44, 236);
      exercise(bytes);
      bytes.fill(0, 44, 236);
      exercise(bytes);
    }
  });

  test('one option repeated twenty thousand times costs no more than so many options', () => {
    for (const code of [19, 80, 82, 200]) {
      const bytes = new Uint8Array(60240);
      bytes.set(packet());
      for (let at = 240; at < bytes.length; at += 3) bytes.set([code, 1, 1], at);
      exercise(bytes);
    }
  });

  test('65535 octets of the smallest options are read in one pass', () => {
    const bytes = new Uint8Array(65535);
    bytes.set(packet());
    bytes.fill(1, 240);
    for (let at = 241; at < bytes.length; at += 2) bytes[at] = 0;
    const { message, issues } = decode(bytes, { maxOptions: Number.POSITIVE_INFINITY });
    expect(message.options.length).toBe(32648);
    expect(issues.map(({ code }) => code)).toEqual(['DHCP_OPTION_TRUNCATED']);
    expect(encode(message)).toEqual(bytes);
  });

  test('no more options are read than asked for, over all areas, and what was left unread is written back', () => {
    const bytes = packet(52, 1, 3, 12, 1, 97, 13, 2, 0, 9, 255, 7);
    bytes.set([12, 1, 98, 12, 1, 99, 255], 108);
    bytes.set([12, 1, 100, 255], 44);
    for (const [maxOptions, expected, ...places] of [
      [0, [], 240],
      [2, [52, 12], 246, 108, 44],
      [4, [52, 12, 13, 12], 111, 44],
      [6, [52, 12, 13, 12, 12, 12]],
    ] as [number, number[], ...number[]][]) {
      const { message, issues } = decode(bytes, { maxOptions });
      expect(message.options.map(({ code }) => code)).toEqual(expected);
      expect(issues.filter(({ code }) => code === 'DHCP_TOO_MANY').map(({ offset }) => offset)).toEqual(places);
      expect(encode(message)).toEqual(bytes);
    }
    expect(() => decode(bytes.subarray(0, -1), { maxOptions: 5, strict: true })).toThrow('5 options were read');
  });

  test('every message of an Ethernet frame is read whole, whatever it holds', () => {
    const bytes = new Uint8Array(1472).fill(0);
    bytes.set(packet(52, 1, 3));
    for (const [start, end] of [
      [44, 236],
      [243, 1472],
    ] as const) {
      for (let at = start; at < end; at += 2) bytes[at] = 224;
    }
    const { message, issues } = decode(bytes);
    expect(message.options.length).toBe(1 + 192 / 2 + Math.ceil((1472 - 243) / 2));
    expect(issues.map(({ code }) => code)).not.toContain('DHCP_TOO_MANY');
  });

  test('a value of ever so many small items is read up to a bound and says so', () => {
    const repeat = (...unit: number[]) => Array.from({ length: 3000 }, () => unit).flat();
    const values: [string, number[]][] = [
      ['vendorSpecific', repeat(200, 0)],
      ['relayAgentInformation', repeat(1, 0)],
      ['parameterRequestList', repeat(3)],
      ['domainSearch', [...Array.from({ length: 100 }, () => [1, 97]).flat(), 0, ...repeat(0xc0, 0)]],
      ['domainSearch', repeat(0)],
      ['viVendorClass', repeat(0, 0, 0, 9, 2, 0, 0)],
      ['userClass', repeat(1, 97)],
    ];
    for (const [name, data] of values) {
      const { code } = STANDARD.find(name)!;
      const { message } = decode(packet(...asParts(code, data), 255));
      const issues = check(message).filter((issue) => issue.code === 'DHCP_TOO_MANY');
      expect([name, issues.length]).toEqual([name, 1]);
      expect(JSON.stringify(toJson(message)).length).toBeLessThan(20 * data.length);
      exercise(message.wire!.bytes);
    }
  });

  test('pads between sub-options are no items', () => {
    const { message } = decode(packet(...asParts(43, [...new Array(5000).fill(0), 200, 1, 7, 255]), 255));
    expect(check(message)).toEqual([]);
    expect(get(message, 'vendorSpecific')).toMatchObject({ options: [{ code: 200 }] });
  });
});

describe('what is written reads back', () => {
  const names = Object.keys(CASES) as (keyof typeof OPTIONS)[];
  const known: Option[] = names
    .filter((name) => name !== 'overload' && name !== 'messageType')
    .flatMap((name) => CASES[name]!.map(({ value, write = value }) => option(name, write as never)));

  test('any options of the table, in any order, normalised or not', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...known), { maxLength: 12, selector: ({ code }) => code }),
        fc.boolean(),
        (options, dhcp) => {
          const message: Message = {
            op: 2,
            htype: 1,
            hlen: 6,
            hops: 0,
            xid: 5,
            secs: 0,
            flags: 0,
            ciaddr: '0.0.0.0',
            yiaddr: '10.0.0.5',
            siaddr: '0.0.0.0',
            giaddr: '0.0.0.0',
            chaddr: '02:00:00:00:00:01',
            sname: '',
            file: '',
            options: dhcp ? [option('messageType', 2), ...options] : options,
          };
          const same = (bytes: Uint8Array) => {
            const { message: read, issues } = decode(bytes);
            expect(issues).toEqual([]);
            for (const { code, data } of options) expect(formatHex(getBytes(read, code)!)).toBe(formatHex(data));
            return read;
          };
          same(encode(message));
          if (dhcp) {
            const normal = encodeNormalized(message, { maxSize: 1472 });
            const first = same(normal).options[0];
            expect(first?.code).toBe(53);
            expect(encodeNormalized(decode(normal).message, { maxSize: 1472 })).toEqual(normal);
          }
        },
      ),
    );
  });

  test('options of any length, within any size that holds them', () => {
    const sized = fc.tuple(fc.constantFrom(12, 17, 43, 66, 67, 82, 224, 225, 226), fc.integer({ min: 0, max: 320 }));
    fc.assert(
      fc.property(
        fc.uniqueArray(sized, { maxLength: 6, selector: ([code]) => code }),
        fc.integer({ min: 548, max: 1472 }),
        (options, maxSize) => {
          const made = options.map(([code, size]) => rawOption(code, new Uint8Array(size).fill(code)));
          const base = createMessage();
          let bytes: Uint8Array;
          try {
            bytes = encodeNormalized({ ...base, options: [option('messageType', 2), ...made] }, { maxSize });
          } catch (error) {
            expect((error as DhcpError).code).toBe('DHCP_TOO_LARGE');
            return;
          }
          expect(bytes.length).toBeGreaterThanOrEqual(300);
          expect(bytes.length).toBeLessThanOrEqual(maxSize);
          const { message, issues } = decode(bytes);
          expect(issues).toEqual([]);
          for (const { code, data } of made) expect(formatHex(getBytes(message, code)!)).toBe(formatHex(data));
          const last = message.options.filter(({ region }) => region === 'options').at(-1);
          if (options.some(([code]) => code === 82)) expect(last?.code).toBe(82);
        },
      ),
    );
  });

  test('any value a shape reads without complaint it writes to a value that reads the same', () => {
    const row = fc.constantFrom(...Object.values(OPTIONS).filter(({ code }) => code !== 43));
    fc.assert(
      fc.property(row, fc.uint8Array({ maxLength: 60 }), ({ code }, data) => {
        const message = createMessage();
        message.options = [rawOption(code, data)];
        if (check(message).length > 0) return;
        const value = get(message, code);
        let written: Option;
        try {
          written = option(code, value as never);
        } catch (error) {
          // A sub-option or text can be legal to read and too odd to write again; it must say so.
          expect((error as DhcpError).code).toBe('DHCP_ENCODE_VALUE');
          return;
        }
        expect(get({ ...message, options: [written] }, STANDARD.byCode(code)!.code as 53)).toEqual(value);
      }),
      { numRuns: 2000 },
    );
  });
});
