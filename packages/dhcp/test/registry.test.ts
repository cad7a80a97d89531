import {
  createMessage,
  enterpriseOptions,
  findSubOption,
  get,
  IPXE_SPACE,
  OPTIONS,
  optionSpec,
  RELAY_SPACE,
  Registry,
  record,
  STANDARD,
  space,
  subOptions,
  text,
  u8,
  u16,
} from '@pxekit/dhcp';
import { expect, test } from 'vitest';

test('a row is found by name and by code', () => {
  expect(STANDARD.find('routers')).toMatchObject({ code: 3, name: 'routers', title: 'Router', rfc: 'RFC 2132' });
  expect(STANDARD.find(3)).toBe(STANDARD.byCode(3));
  expect([STANDARD.find('toString'), STANDARD.find(200), STANDARD.byCode(-1)]).toEqual([undefined, undefined, undefined]);
});

test('a code or a range that cannot be is refused', () => {
  expect(() => new Registry({ a: optionSpec(1, u8, 'a'), b: optionSpec(1, u8, 'b') })).toThrow('same code 1');
  expect(() => new Registry({ a: optionSpec(256, u8, 'a') })).toThrow('not in 0 to 255');
});

test('extending replaces rows of the same code or name and leaves the original alone', () => {
  const mine = STANDARD.extend({ tftpList: optionSpec(150, text, 'GRUB configuration path') });
  expect([mine.byCode(150)?.name, mine.find('tftpServerAddresses'), STANDARD.byCode(150)?.name]).toEqual([
    'tftpList',
    undefined,
    'tftpServerAddresses',
  ]);
});

test('sub-options of 82, 125 and 175 can be extended', () => {
  const relay = space('relay agent', { ...RELAY_SPACE.registry.table, port: optionSpec(200, u16, 'Port') });
  const ipxe = space('iPXE', { ...IPXE_SPACE.registry.table, rack: optionSpec(60, text, 'Rack') }, { padAndEnd: true });
  const acme = space('acme', { slot: optionSpec(1, record({ row: u8, unit: u8 }), 'Slot') });
  const mine = STANDARD.extend({
    relayAgentInformation: optionSpec(82, subOptions(relay), 'Relay'),
    ipxe: optionSpec(175, subOptions(ipxe), 'iPXE'),
    viVendorSpecific: optionSpec(125, enterpriseOptions({ 4711: acme }), 'V-I'),
  });
  const message = createMessage();
  message.options = [
    { code: 82, region: 'options', data: Uint8Array.of(200, 2, 1, 2) },
    { code: 175, region: 'options', data: Uint8Array.of(60, 1, 97) },
    { code: 125, region: 'options', data: Uint8Array.of(0, 0, 0x12, 0x67, 4, 1, 2, 3, 4, 0, 0, 0, 9, 3, 1, 1, 5) },
  ];
  expect(findSubOption(get(message, 'relayAgentInformation', mine), 'port')).toBe(258);
  expect(findSubOption(get(message, 'ipxe', mine), 'rack')).toBe('a');
  expect(get(message, 'viVendorSpecific', mine)).toEqual([
    { enterprise: 4711, options: [{ code: 1, name: 'slot', value: { row: 3, unit: 4 } }] },
    { enterprise: 9, options: [{ code: 1, name: undefined, value: Uint8Array.of(5) }] },
  ]);
});

test('every row names a document, and codes are those of options', () => {
  for (const [name, { code, rfc, title }] of Object.entries(OPTIONS)) {
    expect([name, rfc !== '', title !== '', code >= 1 && code <= 254]).toEqual([name, true, true, true]);
  }
});
