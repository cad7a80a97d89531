import {
  createMessage,
  findSubOption,
  get,
  IPXE_SPACE,
  type OptionTable,
  option,
  PXE_SPACE,
  readShape,
  type Space,
  subOptions,
  writeShape,
} from '@pxekit/dhcp';
import { expect, test } from 'vitest';

/** A value of every sub-option of PXE and iPXE, with its octets. */
const PXE: Record<string, [unknown, string]> = {
  mtftpAddress: ['224.0.0.1', '0104e0000001'],
  mtftpClientPort: [1758, '020206de'],
  mtftpServerPort: [1759, '030206df'],
  mtftpTimeout: [2, '040102'],
  mtftpDelay: [3, '050103'],
  discoveryControl: [7, '060107'],
  discoveryMulticastAddress: ['224.0.0.2', '0704e0000002'],
  bootServers: [
    [
      { type: 1, addresses: ['10.0.0.1', '10.0.0.2'] },
      { type: 0xffff, addresses: [] },
    ],
    '080e0001020a0000010a000002ffff00',
  ],
  bootMenu: [[{ type: 0, description: 'Local' }], '09080000054c6f63616c'],
  menuPrompt: [{ timeout: 255, prompt: 'F8' }, '0a03ff4638'],
  multicastAllocation: [{ base: '224.1.0.0', block: 1, range: 2 }, '0b08e001000000010002'],
  credentialTypes: [[1, 2], '0c080000000100000002'],
  bootItem: [{ type: 1, layer: 0x8000 }, '470400018000'],
  pxelinuxMagic: [Uint8Array.of(0xf1, 0, 0x74, 0x7e), 'd004f100747e'],
  pxelinuxConfigFile: ['c', 'd10163'],
  pxelinuxPathPrefix: ['/', 'd2012f'],
  pxelinuxRebootTime: [30, 'd3040000001e'],
};

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function table(space: Space<OptionTable>): string[] {
  return Object.keys(space.registry.table);
}

test('every sub-option of PXE is read and written', () => {
  expect(Object.keys(PXE)).toEqual(table(PXE_SPACE));
  for (const [name, [value, octets]] of Object.entries(PXE)) {
    const written = writeShape(subOptions(PXE_SPACE), { [name]: value });
    expect([name, hex(written)]).toEqual([name, `${octets}ff`]);
    expect(findSubOption(readShape(subOptions(PXE_SPACE), written), name as 'bootMenu')).toEqual(value);
  }
});

test('every feature of iPXE is an octet at its code', () => {
  const features = table(IPXE_SPACE).filter((name) => name.startsWith('feature'));
  expect(features).toHaveLength(22);
  for (const name of features) {
    const { code } = IPXE_SPACE.registry.find(name)!;
    expect(hex(writeShape(subOptions(IPXE_SPACE), { [name]: 1 }))).toBe(`${code.toString(16)}0101`);
  }
});

test('every other sub-option of iPXE is written and read back', () => {
  const values: Record<string, unknown> = {
    priority: -5,
    yiaddr: '10.0.0.1',
    siaddr: '10.0.0.2',
    keepSan: 1,
    skipSanBoot: 1,
    scriptlet: 'shell',
    syslogs: '10.0.0.3',
    trust: Uint8Array.of(1),
    cert: Uint8Array.of(2),
    privateKey: Uint8Array.of(3),
    crossCert: 'http://ca/',
    noPxeDhcp: 1,
    busId: { bus: 1, vendor: 0x8086, device: 0x100e },
    useCached: 1,
    sanRetry: -1,
    sanFilename: 'f',
    sanDrive: 0x80,
    username: 'u',
    password: 'p',
    reverseUsername: 'ru',
    reversePassword: 'rp',
    uid: 1000,
    gid: 1000,
    version: { major: 1, minor: 21, patch: 1 },
  };
  expect(table(IPXE_SPACE).filter((name) => !name.startsWith('feature'))).toEqual(Object.keys(values));
  const read = get(createMessage({ options: [option('ipxe', values)] }), 'ipxe')!;
  expect(Object.fromEntries(read.map(({ name, value }) => [name, value]))).toEqual(values);
});
