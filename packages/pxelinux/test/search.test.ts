import { addressInHex, candidates, pathPrefix, swapUuid } from '@pxekit/pxelinux';
import { describe, expect, it } from 'vitest';
import { CLIENT } from './helpers.js';

const paths = (...args: Parameters<typeof candidates>) => candidates(...args).map(({ path }) => path);

describe('candidates for PXELINUX', () => {
  it('are UUID, hardware address, address in hex and default', () => {
    expect(paths(CLIENT)).toEqual([
      'pxelinux.cfg/085994b8-a6d6-a941-611d-74a6ab80b83d',
      'pxelinux.cfg/01-52-54-00-ab-cd-ef',
      ...['0A00020F', '0A00020', '0A0002', '0A000', '0A00', '0A0', '0A', '0'].map((name) => `pxelinux.cfg/${name}`),
      'pxelinux.cfg/default',
    ]);
  });

  it('begin with option 209, and fall through to the search', () => {
    expect(candidates({ ...CLIENT, configFile: 'my.cfg', pathPrefix: '/files' })[0]).toEqual({
      path: '/filesmy.cfg',
      source: 'option-209',
    });
    expect(paths({ configFile: 'http://192.0.2.1/x' })).toEqual(['http://192.0.2.1/x', 'pxelinux.cfg/default']);
  });

  it('leave out a UUID whose version is 0 or 15', () => {
    expect(paths({ uuid: '00000000-0000-0000-0000-000000000000' })).toEqual(['pxelinux.cfg/default']);
    expect(paths({ uuid: 'ffffffff-ffff-ffff-ffff-ffffffffffff' })).toEqual(['pxelinux.cfg/default']);
  });

  it('name the ARP type in two hex digits', () => {
    expect(paths({ mac: '52:54:00:ab:cd:ef', arpType: 32 })[0]).toBe('pxelinux.cfg/20-52-54-00-ab-cd-ef');
  });
});

describe('the prefix', () => {
  it.each([
    ['pxelinux.0', ''],
    ['/boot/pxelinux.0', '/boot/'],
    ['/my_pxelinux.0', '/my_'],
    ['boot\\pxelinux.0', 'boot\\'],
    ['', ''],
  ])('of %j is %j', (bootFile, prefix) => {
    expect(pathPrefix({ bootFile })).toBe(prefix);
  });

  it('of option 210 is taken as it is', () => {
    expect(paths({ bootFile: 'x/pxelinux.0', pathPrefix: '/files' })).toEqual(['/filespxelinux.cfg/default']);
  });
});

describe('candidates for others', () => {
  it('U-Boot takes option 209 and nothing else', () => {
    expect(paths({ ...CLIENT, configFile: 'x' }, { loader: 'uboot' })).toEqual(['x']);
  });

  it('U-Boot asks as 2023.01 for qemu-x86 does', () => {
    const client = { mac: '52:54:00:12:34:56', ip: '10.0.2.15', uuid: 'AbC', arch: 'x86', soc: 'qemu', board: 'qemu-x86' };
    expect(paths(client, { loader: 'uboot' })).toEqual(
      [
        ...['AbC', '01-52-54-00-12-34-56', '0A00020F', '0A00020', '0A0002', '0A000', '0A00', '0A0', '0A', '0'],
        ...['default-x86-qemu-qemu-x86', 'default-x86-qemu', 'default-x86', 'default'],
      ].map((name) => `pxelinux.cfg/${name}`),
    );
  });

  it('U-Boot ends with names of its hardware', () => {
    const found = paths({ arch: 'arm', soc: 'zynqmp', board: 'kria', bootFile: 'dir/u_boot.bin' }, { loader: 'uboot' });
    expect(found).toEqual(
      ['default-arm-zynqmp-kria', 'default-arm-zynqmp', 'default-arm', 'default'].map((name) => `dir/pxelinux.cfg/${name}`),
    );
  });

  it('petitboot takes option 209 from the root, or from option 210', () => {
    const client = { bootFile: 'dir/boot.0', configFile: 'conf.txt' };
    expect(paths(client, { loader: 'petitboot' })).toEqual(['conf.txt']);
    expect(paths({ ...client, pathPrefix: 'tftp://host/to/' }, { loader: 'petitboot' })).toEqual(['tftp://host/to/conf.txt']);
  });

  it('petitboot asks for no UUID', () => {
    expect(paths(CLIENT, { loader: 'petitboot' })[0]).toBe('pxelinux.cfg/01-52-54-00-ab-cd-ef');
  });
});

it('turns UUIDs around as SMBIOS 2.6 and PXELINUX differ', () => {
  expect(swapUuid('b8945908-d6a6-41a9-611d-74a6ab80b83d')).toBe(CLIENT.uuid);
  expect(swapUuid(CLIENT.uuid)).toBe('b8945908-d6a6-41a9-611d-74a6ab80b83d');
});

it('gives no hex for what is no address', () => {
  expect([addressInHex('1.2.3'), addressInHex('1.2.3.256'), addressInHex('::1'), addressInHex('192.0.2.1')]).toEqual([
    undefined,
    undefined,
    undefined,
    'C0000201',
  ]);
});
