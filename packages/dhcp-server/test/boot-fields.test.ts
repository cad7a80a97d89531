import { createMessage, getBytes, type OptionsInput, rawOption } from '@pxekit/dhcp';
import type { DhcpConfig } from '@pxekit/dhcp-server';
import { describe, expect, test } from 'vitest';
import { basic, codes, discover, get, Lab, mac, rules, SERVER } from './support.js';

const BIOS = { vendorClassIdentifier: 'PXEClient:Arch:00000:UNDI:002001', clientArchitecture: [0] };
const HTTP = { vendorClassIdentifier: 'HTTPClient:Arch:00016:UNDI:003000', clientArchitecture: [16] };
const ask = (config: DhcpConfig, options: OptionsInput = BIOS) => new Lab(config).ask(discover({ xid: 1, chaddr: mac(1), options }));
const offer = (config: DhcpConfig, options?: OptionsInput) => ask(config, options).reply!.message;

describe('the boot answer', () => {
  const boot = { bios: 'whole' };

  test('is that of the host, else of the class, else of the subnet, else of the whole', () => {
    const classes = [{ name: 'all', match: () => true, boot: { bios: 'class' } }];
    const reservations = [{ mac: mac(1), boot: { bios: 'host' } }];
    const file = (more: Partial<DhcpConfig>, subnet: object = {}) => offer(basic({ boot, ...more }, subnet)).file;
    expect(file({})).toBe('whole');
    expect(file({}, { boot: { bios: 'subnet' } })).toBe('subnet');
    expect(file({ classes }, { boot: { bios: 'subnet' } })).toBe('class');
    expect(file({ classes, reservations }, { boot: { bios: 'subnet' } })).toBe('host');
    // A table without a row for the kind is passed over; a row that is null is an answer.
    expect(file({ classes: [{ ...classes[0]!, boot: { ipxe: 'class' } }] })).toBe('whole');
    expect(file({ classes: [{ ...classes[0]!, boot: { bios: null } }] })).toBe('');
    expect(file({ reservations: [{ mac: mac(1), boot: { default: 'any' } }] })).toBe('any');
    expect(file({ reservations: [{ mac: mac(1), boot: { filename: 'one' } }] })).toBe('one');
  });

  test('of the hook comes before the tables, of the handler before the hook, and null is none', () => {
    const file = (context: Lab['context']) => {
      const lab = new Lab(basic({ boot }));
      lab.context = context;
      const outcome = lab.ask(discover({ xid: 1, chaddr: mac(1), options: BIOS }));
      return [outcome.reply!.message.file, rules(outcome).find((rule) => rule.startsWith('boot/'))];
    };
    expect(file({ boot: { filename: 'hook' } })).toEqual(['hook', 'boot/hook']);
    expect(file({ boot: null })).toEqual(['', 'boot/hook']);
    expect(file({ boot: { filename: 'hook' }, directive: { boot: { filename: 'handler' } } })).toEqual(['handler', 'boot/handler']);
    expect(file({ boot: { filename: 'hook' }, directive: { boot: null } })).toEqual(['', 'boot/handler']);
    expect(file({ directive: {} })).toEqual(['whole', 'boot/table']);
  });

  test('may be options only', () => {
    const message = offer(basic({ boot: { bios: { options: { rootPath: 'nfs:/root' } } } }));
    expect([get(message, 'rootPath'), message.file, message.siaddr]).toEqual(['nfs:/root', '', SERVER]);
    expect(codes(message)).not.toContain(67);
    expect(codes(offer(basic({ boot: { 'http-x64': { options: { rootPath: 'x' } } } }), HTTP))).not.toContain(17);
  });

  test('may take options out again, and put others in their place', () => {
    const options = { tftpServerName: null, vendorClassIdentifier: null, 43: Uint8Array.of(6, 1, 3, 255) };
    const message = offer(basic({ boot: { bios: { filename: 'x', options } } }));
    expect(codes(message)).not.toContain(66);
    expect(codes(message)).not.toContain(60);
    expect([...getBytes(message, 43)!]).toEqual([6, 1, 3, 255]);
  });
});

describe('the boot server', () => {
  test('is that of the answer, else of the subnet of the address, else this server', () => {
    const siaddr = (bios: object | string, subnet: object = {}) => {
      const message = offer(basic({ boot: { bios: bios as string } }, subnet));
      return [message.siaddr, get(message, 66)];
    };
    expect(siaddr('x')).toEqual([SERVER, SERVER]);
    expect(siaddr('x', { nextServer: '192.168.7.44' })).toEqual(['192.168.7.44', '192.168.7.44']);
    expect(siaddr({ filename: 'x', nextServer: '192.168.7.55' }, { nextServer: '192.168.7.44' })).toEqual(['192.168.7.55', '192.168.7.55']);
    const shared: DhcpConfig = {
      boot: { bios: 'x' },
      subnets: [
        { subnet: '192.168.7.0/24', sharedNetwork: 'lan', nextServer: '192.168.7.44' },
        { subnet: '192.168.8.0/24', sharedNetwork: 'lan', nextServer: '192.168.8.44', pools: ['192.168.8.100'] },
      ],
    };
    expect(offer(shared).siaddr).toBe('192.168.8.44');
  });

  test('of the subnet is told also to clients that do not boot', () => {
    expect(offer(basic({}, { nextServer: '192.168.7.44' }), {}).siaddr).toBe('192.168.7.44');
    expect(offer(basic(), {}).siaddr).toBe('0.0.0.0');
  });

  test('has a name in header and option, one that is too long for the header in the option only', () => {
    const name = (serverName: string, more: Partial<DhcpConfig> = {}) => {
      const message = offer(basic({ boot: { bios: { filename: 'x', serverName } }, ...more }));
      return [message.sname, get(message, 66)];
    };
    const longest = 'n'.repeat(63);
    expect(name(longest)).toEqual([longest, longest]);
    expect(name(`${longest}n`)).toEqual(['', `${longest}n`]);
    expect(name('boot', { bootFields: 'header' })).toEqual(['boot', undefined]);
    expect(name('boot', { bootFields: 'options' })).toEqual(['', 'boot']);
  });

  test('has none for UEFI HTTP boot: the URL says all', () => {
    const message = offer(basic({ boot: { 'http-x64': 'http://192.168.7.1/x.efi' } }), HTTP);
    expect(codes(message)).not.toContain(66);
    expect(codes(message)).not.toContain(43);
    for (const [url, isTaken] of [
      ['https://boot/x', true],
      ['http://boot/x', true],
      ['ftp://boot/x', false],
      ['x http://boot', false],
    ] as const)
      expect([url, offer(basic({ boot: { 'http-x64': url } }), HTTP).file !== '']).toEqual([url, isTaken]);
  });
});

describe('a boot file name', () => {
  test('of up to 127 characters stands in the header', () => {
    const file = (length: number, more: Partial<DhcpConfig> = {}) => {
      const message = offer(basic({ boot: { bios: 'f'.repeat(length) }, ...more }));
      return [message.file.length, get(message, 67)?.length];
    };
    expect(file(127)).toEqual([127, 127]);
    expect(file(128)).toEqual([0, 128]);
    // Better in the option than nowhere.
    expect(file(128, { bootFields: 'header' })).toEqual([0, 128]);
    expect(file(127, { bootFields: 'header' })).toEqual([127, undefined]);
  });

  test('is sent to BOOTP clients and to those that ask for it by option 67, and to no others', () => {
    const config = basic({ boot: { other: 'kernel' }, bootp: 'dynamic' });
    expect(new Lab(config).ask(createMessage({ xid: 1, chaddr: mac(1) })).reply!.message.file).toBe('kernel');
    expect(offer(config, [rawOption(55, Uint8Array.of(1, 67))]).file).toBe('kernel');
    expect(offer(config, [rawOption(55, Uint8Array.of(1, 3))]).file).toBe('');
  });
});
