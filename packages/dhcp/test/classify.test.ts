import { ARCHITECTURES, architecture, classify, createMessage, discover, type OptionsInput } from '@pxekit/dhcp';
import { expect, test } from 'vitest';

const of = (options: OptionsInput, chaddr = '52:54:00:77:00:01') => {
  const { kind, boot, architecture: found, ipxe, installer } = classify(discover({ xid: 1, chaddr, options }));
  return [kind, boot, found?.name, ...(ipxe ? [ipxe.version, ...ipxe.features] : []), ...(installer ? [installer] : [])];
};

test('the 42 architecture types stand at their numbers', () => {
  expect(ARCHITECTURES.map(({ code }) => code)).toEqual(Array.from({ length: 42 }, (_, code) => code));
  expect(ARCHITECTURES.filter(({ http, name }) => http !== name.includes('HTTP'))).toEqual([]);
  expect([architecture(7)?.cpu, architecture(9)?.cpu, architecture(99)]).toEqual(['x64', 'ebc', undefined]);
});

test.each<[string, OptionsInput, unknown[]]>([
  ['a BIOS ROM', { vendorClassIdentifier: 'PXEClient:Arch:00000:UNDI:002001', clientArchitecture: [0] }, ['pxe', 'pxe', 'x86 BIOS']],
  ['UEFI', { vendorClassIdentifier: 'PXEClient:Arch:00007:UNDI:003016', clientArchitecture: [7] }, ['pxe', 'pxe', 'x64 UEFI']],
  ['UEFI without option 93', { vendorClassIdentifier: 'PXEClient:Arch:00011:UNDI:003000' }, ['pxe', 'pxe', 'ARM 64-bit UEFI']],
  [
    'the first architecture that is known',
    { vendorClassIdentifier: 'PXEClient', clientArchitecture: [999, 6] },
    ['pxe', 'pxe', 'x86 UEFI'],
  ],
  [
    'HTTP boot',
    { vendorClassIdentifier: 'HTTPClient:Arch:00016:UNDI:003000', clientArchitecture: [16] },
    ['http-boot', 'http', 'x64 UEFI boot from HTTP'],
  ],
  [
    'iPXE',
    { userClass: 'iPXE', clientArchitecture: [0], ipxe: { version: { major: 1, minor: 21, patch: 1 }, featureHttp: 1, featureBzimage: 1 } },
    ['ipxe', 'pxe', 'x86 BIOS', '1.21.1', 'http', 'bzimage'],
  ],
  ['iPXE with a user class of its own', { userClass: ['lab'], ipxe: { featureMenu: 1 } }, ['ipxe', 'pxe', undefined, undefined, 'menu']],
  ['gPXE', { userClass: ['gPXE'] }, ['ipxe', 'pxe', undefined, undefined]],
  ['U-Boot by its class', { vendorClassIdentifier: 'U-Boot' }, ['u-boot', 'pxe', undefined]],
  [
    'U-Boot that writes the architecture in hex',
    { vendorClassIdentifier: 'PXEClient:Arch:0001b:UNDI:003000' },
    ['pxe', 'pxe', 'RISC-V 64-bit UEFI'],
  ],
  [
    'U-Boot by its architecture',
    { vendorClassIdentifier: 'PXEClient:Arch:00022:UNDI:003000', clientArchitecture: [22] },
    ['u-boot', 'pxe', 'ARM 64 U-Boot'],
  ],
  ['anaconda', { vendorClassIdentifier: 'anaconda-Linux 5.14 x86_64' }, ['installer', undefined, undefined, 'anaconda']],
  ['the Debian installer', { vendorClassIdentifier: 'd-i' }, ['installer', undefined, undefined, 'debian-installer']],
  ['a plain client', { hostName: 'laptop', vendorClassIdentifier: 'MSFT 5.0' }, ['other', undefined, undefined]],
  ['a client that says nothing', {}, ['other', undefined, undefined]],
])('%s', (_name, options, expected) => {
  expect(of(options)).toEqual(expected);
});

test('a Raspberry Pi is known by its hardware address, though it says it is a BIOS', () => {
  const options = { vendorClassIdentifier: 'PXEClient:Arch:00000:UNDI:002001', clientArchitecture: [0] };
  expect(of(options, 'dc:a6:32:01:02:03')[0]).toBe('raspberry-pi');
  expect(of({ clientArchitecture: [41], vendorClassIdentifier: 'PXEClient:Arch:00041:UNDI:002001' })[0]).toBe('raspberry-pi');
});

test('a reply is no client', () => {
  expect(classify(createMessage({ op: 2 })).kind).toBe('other');
});
