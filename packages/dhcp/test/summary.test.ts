import { createMessage, discover, listing, nak, offer, rawOption, summary } from '@pxekit/dhcp';
import { expect, test } from 'vitest';

const asked = discover({
  xid: 0x17aaca7b,
  chaddr: '52:54:00:77:00:01',
  options: {
    clientArchitecture: [0],
    vendorClassIdentifier: 'PXEClient:Arch:00000:UNDI:002001',
    userClass: 'iPXE',
    requestedAddress: '10.0.0.9',
  },
});

test('a message is one line', () => {
  expect(summary(asked)).toBe('DISCOVER 52:54:00:77:00:01 xid 17aaca7b asks 10.0.0.9 x86 BIOS ipxe');
  expect(summary(offer(asked, { serverIdentifier: '10.0.0.1', yiaddr: '10.0.0.9', file: 'a b' }))).toBe(
    'OFFER 52:54:00:77:00:01 xid 17aaca7b yiaddr 10.0.0.9 server 10.0.0.1 file "a b"',
  );
  expect(summary(nak(asked, { serverIdentifier: '10.0.0.1', message: 'no' }))).toBe(
    'NAK 52:54:00:77:00:01 xid 17aaca7b server 10.0.0.1 "no"',
  );
  expect(summary(createMessage({ op: 2 }))).toBe('BOOTP reply - xid 00000000');
});

test('a listing has a line for every field that is set and every option', () => {
  const message = createMessage({
    ...asked,
    options: {
      messageType: 1,
      parameterRequestList: [1, 200],
      clientArchitecture: [7],
      domainSearch: ['a.b', 'c'],
      vendorSpecific: { space: 'PXE', options: { discoveryControl: 8, bootMenu: [{ type: 0, description: 'Local' }] } },
    },
  });
  message.options.push(rawOption(200, Uint8Array.of(1, 2)), rawOption(1, Uint8Array.of(9)));
  expect(listing(message).split('\n').slice(1)).toEqual([
    '  op     1',
    '  htype  1',
    '  hlen   6',
    '  xid    0x17aaca7b',
    '  chaddr 52:54:00:77:00:01',
    '   53 messageType: DISCOVER (1)',
    '   55 parameterRequestList: 1 subnetMask, 200',
    '   93 clientArchitecture: x64 UEFI (7)',
    '  119 domainSearch: a.b, c',
    '   43 vendorSpecific: space "PXE" options [6 discoveryControl = 8, 9 bootMenu = {type 0 description "Local"}]',
    '  200 unknown: 01 02',
    '    1 subnetMask: 09',
  ]);
});

test('a listing shows the machine identifier as a UUID in the byte order of the wire', () => {
  const id = Uint8Array.from({ length: 16 }, (_, index) => index);
  const message = createMessage({ ...asked, options: { clientMachineId: { type: 0, id } } });
  expect(listing(message)).toContain('97 clientMachineId: 00010203-0405-0607-0809-0a0b0c0d0e0f (type 0)');
});
