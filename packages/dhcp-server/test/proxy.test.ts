import { createMessage, getBytes, type OptionsInput, rawOption } from '@pxekit/dhcp';
import type { DhcpConfig } from '@pxekit/dhcp-server';
import { describe, expect, test } from 'vitest';
import { basic, codes, ETH0, get, Lab, MessageType, mac, rules, SERVER, typeOf } from './support.js';

const BIOS = { vendorClassIdentifier: 'PXEClient:Arch:00000:UNDI:002001', clientArchitecture: [0] };
const UEFI = { vendorClassIdentifier: 'PXEClient:Arch:00007:UNDI:003000', clientArchitecture: [7] };
const HTTP = { vendorClassIdentifier: 'HTTPClient:Arch:00016:UNDI:003000', clientArchitecture: [16] };
const URL_X64 = 'http://192.168.7.1/grubx64.efi';
const BOOT = { bios: 'pxelinux.0', 'uefi-x64': 'syslinux.efi', 'http-x64': URL_X64 };
const PXE_PORT = { ...ETH0, port: 4011 };

const proxy = (more: Partial<DhcpConfig> = {}) => new Lab(basic({ boot: BOOT, ...more }, { mode: 'proxy' }));
const send = (lab: Lab, type: number, options: OptionsInput, header: object = {}, local = ETH0) => {
  const message = createMessage({ xid: 0, chaddr: mac(1), ...header, options });
  message.options.unshift(rawOption(53, Uint8Array.of(type)));
  return lab.ask(message, { local });
};
const { DISCOVER, REQUEST, DECLINE, RELEASE, INFORM, OFFER, ACK } = MessageType;

describe('a proxy on port 67', () => {
  test('offers to a DISCOVER, acknowledges an INFORM and a REQUEST for itself, and is silent to all else', () => {
    expect(typeOf(send(proxy(), DISCOVER, BIOS))).toBe(OFFER);
    expect(typeOf(send(proxy(), INFORM, BIOS, { ciaddr: '192.168.7.9' }))).toBe(ACK);
    expect(typeOf(send(proxy(), REQUEST, { ...BIOS, serverIdentifier: SERVER }))).toBe(ACK);
    for (const type of [DECLINE, RELEASE, 0]) expect([type, send(proxy(), type, BIOS).drop]).toEqual([type, 'nothing-to-say']);
    for (const options of [BIOS, { ...BIOS, serverIdentifier: '192.168.7.9' }])
      expect(send(proxy(), REQUEST, options).drop).toBe('other-server');
  });

  test('says so where there is nothing to boot', () => {
    expect(send(proxy({ boot: { bios: null } }), DISCOVER, BIOS).drop).toBe('no-boot-answer');
    expect(send(proxy({ boot: {} }), DISCOVER, UEFI).drop).toBe('no-boot-answer');
    expect(send(proxy({ boot: { 'http-x64': 'no-url.efi' } }), DISCOVER, HTTP).drop).toBe('no-boot-answer');
  });

  test('answers UEFI HTTP boot with its URL and no option 43', () => {
    const { message } = send(proxy(), DISCOVER, HTTP).reply!;
    expect([get(message, 60), get(message, 67), message.yiaddr]).toEqual(['HTTPClient', URL_X64, '0.0.0.0']);
    expect(codes(message)).not.toContain(43);
  });

  test('says in the trace that it sends UEFI firmware on, and only that', () => {
    expect(rules(send(proxy(), DISCOVER, UEFI))).toContain('proxy/redirect');
    expect(rules(send(proxy(), DISCOVER, BIOS))).not.toContain('proxy/redirect');
    // Who asks this server by name has seen the offer: it gets the file.
    expect(send(proxy(), REQUEST, { ...UEFI, serverIdentifier: SERVER }).reply!.message.file).toBe('syslinux.efi');
  });

  test('sets the broadcast flag for a client that has no address', () => {
    expect(send(proxy(), DISCOVER, BIOS).reply!.message.flags).toBe(0x8000);
    expect(send(proxy(), INFORM, BIOS, { ciaddr: '192.168.7.9' }).reply!.message.flags).toBe(0);
  });

  test('names the boot server of the subnet or of the answer', () => {
    const at = (config: DhcpConfig) => send(new Lab(config), DISCOVER, BIOS).reply!.message.siaddr;
    expect(at(basic({ boot: BOOT }, { mode: 'proxy' }))).toBe(SERVER);
    expect(at(basic({ boot: BOOT }, { mode: 'proxy', nextServer: '192.168.7.44' }))).toBe('192.168.7.44');
    const answer = { filename: 'pxelinux.0', nextServer: '192.168.7.55' };
    expect(at(basic({ boot: { bios: answer } }, { mode: 'proxy', nextServer: '192.168.7.44' }))).toBe('192.168.7.55');
  });
});

describe('the boot service on port 4011', () => {
  const ask = (lab: Lab, type: number, options: OptionsInput, header: object = { ciaddr: '192.168.7.120' }) =>
    send(lab, type, options, header, PXE_PORT);

  test('answers PXE clients, whatever kind of request they send, and nobody else', () => {
    for (const type of [DISCOVER, REQUEST, INFORM]) expect([type, typeOf(ask(proxy(), type, BIOS))]).toEqual([type, ACK]);
    for (const type of [DECLINE, RELEASE, 0]) expect([type, ask(proxy(), type, BIOS).drop]).toEqual([type, 'nothing-to-say']);
    expect(ask(proxy(), REQUEST, {}).drop).toBe('nothing-to-say');
    expect(ask(proxy({ boot: {} }), REQUEST, BIOS).drop).toBe('no-boot-answer');
  });

  test('answers beside leases of its own, too, and touches none', () => {
    const outcome = ask(new Lab(basic({ boot: BOOT })), REQUEST, UEFI);
    const { message } = outcome.reply!;
    expect([message.file, message.yiaddr, message.ciaddr]).toEqual(['syslinux.efi', '192.168.7.120', '0.0.0.0']);
    expect([...getBytes(message, 43)!]).toEqual([6, 1, 8, 255]);
    expect(outcome.effects).toEqual([]);
  });

  test('takes the boot item out of an option 43 with padding and other items, and a broken one for none', () => {
    const items = [
      { label: 'A', filename: 'a' },
      { label: 'B', filename: 'b' },
    ];
    const lab = () => proxy({ boot: { bios: { menu: { items } } } });
    const file = (...bytes: number[]) =>
      ask(lab(), REQUEST, [rawOption(60, Buffer.from('PXEClient')), rawOption(43, Uint8Array.from(bytes))]).reply?.message.file;
    expect(file(0, 0, 6, 1, 7, 71, 4, 0x80, 1, 0, 0, 255)).toBe('b');
    expect(file(71, 4, 0x80, 1, 0, 0)).toBe('b');
    expect(file(71, 4, 0x80, 1, 0, 3, 255)).toBe('b.3');
    // Cut, behind the end, or too short: the menu is shown again.
    for (const bytes of [[71, 4, 0x80, 1], [255, 71, 4, 0x80, 1, 0, 0], [71, 2, 0x80, 1, 255], [6], []]) expect(file(...bytes)).toBe('');
  });

  test('asked for an item where there is no menu, gives the file there is', () => {
    const item = rawOption(43, Uint8Array.of(71, 4, 0, 0, 0, 1, 255));
    const { message } = ask(proxy(), REQUEST, [rawOption(60, Buffer.from('PXEClient')), rawOption(93, Uint8Array.of(0, 0)), item]).reply!;
    expect([message.file, ...getBytes(message, 43)!]).toEqual(['pxelinux.0.1', 6, 1, 8, 71, 4, 0, 0, 0, 1, 255]);
  });

  test('sends clients to the servers that an item names, and has nothing itself for local boot', () => {
    const items = [
      { label: 'Here', filename: 'here', type: 17 },
      { label: 'There', filename: 'there', type: 18, servers: ['192.168.7.8', '192.168.7.9'] },
      { label: 'Disk' },
    ];
    const menu = { prompt: 'F8', timeout: 300, items };
    const offer = send(proxy({ boot: { bios: { menu } } }), DISCOVER, BIOS).reply!.message;
    expect([...getBytes(offer, 43)!]).toEqual([
      ...[6, 1, 7],
      ...[8, 18, 0, 17, 1, 192, 168, 7, 1, 0, 18, 2, 192, 168, 7, 8, 192, 168, 7, 9],
      ...[9, 22, 0, 17, 4, ...Buffer.from('Here'), 0, 18, 5, ...Buffer.from('There'), 0, 0, 4, ...Buffer.from('Disk')],
      ...[10, 3, 255, ...Buffer.from('F8')],
      255,
    ]);
    const disk = rawOption(43, Uint8Array.of(71, 4, 0, 0, 0, 0, 255));
    expect(ask(proxy({ boot: { bios: { menu } } }), REQUEST, [rawOption(60, Buffer.from('PXEClient')), disk]).drop).toBe('no-boot-answer');
  });

  test('a menu of local boot alone names no servers', () => {
    const menu = { items: [{ label: 'Disk' }] };
    const offer = send(proxy({ boot: { bios: { menu } } }), DISCOVER, BIOS).reply!.message;
    expect([...getBytes(offer, 43)!]).toEqual([
      6,
      1,
      7,
      9,
      7,
      0,
      0,
      4,
      ...Buffer.from('Disk'),
      10,
      10,
      0,
      ...Buffer.from('Boot menu'),
      255,
    ]);
  });

  test('a menu of one item on another server is the file on that server', () => {
    const menu = { items: [{ label: 'There', filename: 'there', servers: ['192.168.7.8'] }] };
    const { message } = ask(proxy({ boot: { bios: { menu } } }), REQUEST, BIOS).reply!;
    expect([message.file, message.siaddr]).toEqual(['there', '192.168.7.8']);
  });
});
