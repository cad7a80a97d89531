import { decode, get, optionSpec, PXE_VENDOR, record, STANDARD, space, text, u8, vendorSpecific } from '@pxekit/dhcp';

const acme = space('acme', { rack: optionSpec(1, record({ row: u8, unit: u8 }), 'Rack position') }, { padAndEnd: true });

export const registry = STANDARD.extend({
  acmeSite: optionSpec(224, text, 'Site name'),
  vendorSpecific: optionSpec(43, vendorSpecific({ space: acme, matches: (vendorClass) => vendorClass === 'acme' }, PXE_VENDOR), 'Vendor'),
});

export const site = (datagram: Uint8Array) => get(decode(datagram).message, 'acmeSite', registry);
