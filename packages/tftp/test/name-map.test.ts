import { parseNameMap } from '@pxekit/tftp';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const local = { address: '10.0.0.1', port: 69, family: 'IPv4' } as const;
const read = { type: 'read', mode: 'octet', local, peer: { address: '192.168.1.2', port: 2070, family: 'IPv4' } } as const;
const write = { ...read, type: 'write' } as const;

describe('name maps', () => {
  it.each([
    ['r ^/ ', '/f', 'f'],
    ['rg \\\\ /', '\\Boot\\BCD', '/Boot/BCD'],
    ['ri ^BOOT/ win/', 'boot/x', 'win/x'],
    ['r ^(.*)\\.cfg$ \\1/\\i.cfg', 'a.cfg', 'a/192.168.1.2.cfg'],
    ['r ^ip$ \\x', 'ip', 'C0A80102'],
    ['r ^(.)(.*)$ \\U\\1\\E\\2', 'name', 'Name'],
    ['r ^(.*)$ \\L\\0', 'NAME', 'name'],
    ['re ^a b\nr ^b c', 'a', 'b'],
    ['r ^a b\nr ^b c', 'a', 'c'],
    ['rs xx x', 'xxxxx', 'x'],
    ['r~e ^/ ignored\nr ^/(.*) abs/\\1', 'f', 'f'],
    ['rP ^ up/', 'f', 'f'],
    ['r6 ^ six/\nr4 ^ four/', 'f', 'four/f'],
    ['# only a comment\n\n', 'f', 'f'],
  ])('%j makes of %j the name %j', (map, name, expected) => {
    expect(parseNameMap(map).apply(name, read)).toBe(expected);
  });

  it('refuse names', () => {
    const map = parseNameMap('aG ^secret\naP ^');
    expect(() => map.apply('secret', read)).toThrow(expect.objectContaining({ code: 'TFTP_ACCESS_VIOLATION' }));
    expect(() => map.apply('f', write)).toThrow(expect.objectContaining({ code: 'TFTP_ACCESS_VIOLATION' }));
    expect(map.apply('f', read)).toBe('f');
  });

  it('end, also when rules go in circles', () => {
    expect(() => parseNameMap('rs a a').apply('a', read)).toThrow('does not end');
    expect(() => parseNameMap('rsg a aaaaaaaa').apply('a', read)).toThrow('does not end');
  });

  it('name the line that cannot be read', () => {
    for (const map of ['\nz a b', '\nr (', '\nr a b c', '\nr a b\\', '\nr']) {
      expect(() => parseNameMap(map)).toThrow(
        expect.objectContaining({ code: 'TFTP_BAD_MAP', message: expect.stringContaining('Line 2') }),
      );
    }
  });

  it('throw nothing but their own errors', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 20 }), (map, name) => {
        try {
          parseNameMap(map).apply(name, read);
        } catch (error) {
          expect((error as { code?: string }).code).toMatch(/^TFTP_/);
        }
      }),
    );
  });
});
