import {
  createMessage,
  get,
  type OptionInput,
  type OptionValue,
  optionSpec,
  record,
  STANDARD,
  type StandardOptions,
  space,
  subOptions,
  text,
  u8,
  u16,
} from '@pxekit/dhcp';
import { expect, expectTypeOf, test } from 'vitest';

test('the type of a value follows from the table, by name and by code', () => {
  const message = createMessage({ options: { routers: ['10.0.0.1'], leaseTime: 60 } });
  expectTypeOf(get(message, 'routers')).toEqualTypeOf<string[] | undefined>();
  expectTypeOf(get(message, 51)).toEqualTypeOf<number | undefined>();
  expectTypeOf<OptionValue<StandardOptions, 93>>().toEqualTypeOf<number[]>();
  expectTypeOf<OptionInput<StandardOptions, 'userClass'>>().toEqualTypeOf<string | readonly string[]>();
  // @ts-expect-error: a lease time is a number
  expect(() => createMessage({ options: { leaseTime: 'long' } })).toThrow('Option 51');
  // @ts-expect-error: no such option
  expect(get(message, 'nonsense')).toBeUndefined();
  expect([get(message, 'routers'), get(message, 51)]).toEqual([['10.0.0.1'], 60]);
});

test('sub-options are narrowed by their name', () => {
  const message = createMessage({ options: { vendorSpecific: { space: 'PXE', options: { bootItem: { type: 3, layer: 0 } } } } });
  const vendor = get(message, 'vendorSpecific');
  if (!vendor || vendor instanceof Uint8Array || vendor.space !== 'PXE') throw new Error('not PXE');
  const item = vendor.options.find((entry) => entry.name === 'bootItem');
  expectTypeOf(item!.value).toEqualTypeOf<{ type: number; layer: number }>();
  expect(item?.value).toEqual({ type: 3, layer: 0 });
});

test('a user adds options and spaces of their own, with types', () => {
  const acme = space('acme', { rack: optionSpec(1, record({ row: u8, unit: u16 }), 'Rack') });
  const mine = STANDARD.extend({ acmeSite: optionSpec(224, text, 'Site'), acmeInfo: optionSpec(225, subOptions(acme), 'Info') });
  const message = createMessage({ options: [] });
  expectTypeOf(get(message, 'acmeSite', mine)).toEqualTypeOf<string | undefined>();
  expectTypeOf(get(message, 224, mine)).toEqualTypeOf<string | undefined>();
  expectTypeOf(get(message, 'routers', mine)).toEqualTypeOf<string[] | undefined>();
  expect(get(message, 'acmeInfo', mine)).toBeUndefined();
});
