// What real firmware, relays and clients do, and what a server has to do about it: one test per behaviour.
import { BROADCAST_FLAG, createMessage, decline, decode, encode, getBytes, type Message, type OptionsInput, rawOption } from '@pxekit/dhcp';
import { createDhcpServer, type DhcpConfig } from '@pxekit/dhcp-server';
import { describe, expect, test } from 'vitest';
import {
  basic,
  codes,
  discover,
  ETH0,
  get,
  inform,
  Lab,
  MessageType,
  mac,
  option,
  renew,
  request,
  rules,
  SERVER,
  typeOf,
  Wire,
} from './support.js';

const xid = 0x1234;
const BOOT = { bios: 'pxelinux.0', 'uefi-x64': 'syslinux.efi', ipxe: 'http://192.168.7.1/boot.ipxe' };
const config = basic({ boot: BOOT });
const proxy = (more: Partial<DhcpConfig> = {}) => basic({ boot: BOOT, ...more }, { mode: 'proxy' });
const PXE_PORT = { ...ETH0, port: 4011 };
const UUID = Uint8Array.of(0, ...Array.from({ length: 16 }, (_, n) => n));

const firmware = (arch: number) =>
  ({ vendorClassIdentifier: `PXEClient:Arch:${String(arch).padStart(5, '0')}:UNDI:002001`, clientArchitecture: [arch] }) as const;
const offerTo = (options: OptionsInput, header: Partial<Message> = {}, to: DhcpConfig = config) =>
  new Lab(to).ask(discover({ xid, chaddr: mac(1), ...header, options })).reply!.message;

describe('size and layout', () => {
  test('every reply has at least 300 bytes', () => {
    const lab = new Lab(config);
    const offer = lab.ask(discover({ xid, chaddr: mac(1) })).reply!.message;
    expect(encode(offer).length).toBeGreaterThanOrEqual(300);
    const nak = lab.ask(createMessage({ xid, chaddr: mac(1), options: { messageType: 3, requestedAddress: '10.0.0.1' } })).reply!.message;
    expect(typeof nak).toBe('object');
    expect(encode(nak).length).toBeGreaterThanOrEqual(300);
  });

  test('requests of less than 300 bytes are accepted', async () => {
    const wire = new Wire();
    const server = createDhcpServer({ ...config, transport: wire });
    await server.start();
    wire.deliver(encode(discover({ xid, chaddr: mac(1) })).subarray(0, 244));
    await wire.until(1);
    expect(decode(wire.sent[0]!.bytes).message.xid).toBe(xid);
    await server.stop();
  });

  const long = basic({ options: Object.fromEntries(Array.from({ length: 10 }, (_, n) => [224 + n, new Uint8Array(100)])) });
  const wishes = Uint8Array.from([1, 3, 6, ...Array.from({ length: 10 }, (_, n) => 224 + n)]);

  test('a reply keeps to the size of option 57 less IP and UDP headers, 576 bytes if there is none', () => {
    for (const [size, max] of [
      [undefined, 548],
      [300, 548],
      [576, 548],
      [1000, 972],
      [1500, 1472],
      [65280, 1472],
    ] as const) {
      const options = [rawOption(55, wishes), ...(size === undefined ? [] : [option('maxMessageSize', size)])];
      const bytes = encode(offerTo(options, {}, long));
      expect(bytes.length).toBeLessThanOrEqual(max);
      // It is not merely small: another of the options would not have fitted.
      expect(bytes.length).toBeGreaterThan(Math.min(max, 1260) - 120);
    }
  });

  test('options come in the order of option 55, and what does not fit is left out from its end', () => {
    const tight = { ...long, options: Object.fromEntries(Array.from({ length: 10 }, (_, n) => [224 + n, new Uint8Array(130)])) };
    const asked = codes(offerTo([rawOption(55, wishes)], {}, tight)).filter((code) => wishes.includes(code));
    expect(asked).toEqual([...wishes].slice(0, asked.length));
    expect(asked.length).toBeGreaterThan(3);
  });

  test('what does not fit goes into the empty header fields, the relay agent option never', () => {
    const asking = discover({
      xid,
      chaddr: mac(1),
      giaddr: '192.168.7.254',
      options: [rawOption(55, wishes), rawOption(82, Uint8Array.of(1, 1, 7))],
    });
    const { message } = new Lab(long).ask(asking).reply!;
    expect(get(message, 'overload')).toBe(1);
    const again = decode(encode(message));
    expect(again.issues).toEqual([]);
    expect(again.message.options.filter((each) => each.region === 'file')).toHaveLength(1);
    expect(again.message.options.find((each) => each.code === 82)!.region).toBe('options');
    expect(get(again.message, 'routers')).toEqual([SERVER]);
    // With a boot file in the header there is no room there.
    const booting = [rawOption(55, wishes), option('vendorClassIdentifier', 'PXEClient')];
    expect(codes(offerTo(booting, {}, { ...long, boot: BOOT }))).not.toContain(52);
  });

  test('boot file and next server keep their room however much the client asks for', () => {
    const offer = offerTo(
      [rawOption(55, wishes), option('vendorClassIdentifier', 'PXEClient'), option('clientArchitecture', [0])],
      {},
      { ...long, boot: BOOT },
    );
    expect(get(offer, 67)).toBe('pxelinux.0');
    expect(getBytes(offer, 43)).toBeDefined();
    expect(encode(offer).length).toBeLessThanOrEqual(548);
  });

  test('a request that has options in its own header fields is read whole', () => {
    const asking = discover({ xid, chaddr: mac(1) });
    asking.options.push(
      rawOption(52, Uint8Array.of(3)),
      { code: 50, region: 'file', data: Uint8Array.of(192, 168, 7, 133) },
      { code: 55, region: 'sname', data: Uint8Array.of(1, 3) },
    );
    const { message } = decode(encode(asking));
    const offer = new Lab(config).ask(message).reply!.message;
    expect(offer.yiaddr).toBe('192.168.7.133');
    expect(codes(offer).filter((code) => [1, 3, 6, 28].includes(code))).toEqual([1, 3]);
  });

  test('the message type is first, the relay agent option last and byte for byte as it came', () => {
    const agent = Uint8Array.of(1, 3, 9, 8, 7, 2, 2, 255, 0, 99, 0);
    const asking = discover({ xid, chaddr: mac(1), giaddr: '192.168.7.254', options: firmware(0) });
    asking.options.splice(1, 0, rawOption(82, agent));
    const { message } = new Lab(config).ask(asking).reply!;
    expect(message.options[0]!.code).toBe(53);
    expect(message.options.at(-1)).toMatchObject({ code: 82, data: agent });
  });
});

describe('BOOTP', () => {
  const fixed = basic({ boot: BOOT, reservations: [{ mac: mac(1), address: '192.168.7.50' }] });
  const bootp = (n = 1) =>
    createMessage({ xid, chaddr: mac(n), options: [rawOption(61, Uint8Array.of(1, 2, 3)), rawOption(81, Uint8Array.of(1, 0, 0, 98))] });

  test('a reply has 64 bytes of vendor information and none of the options of DHCP', () => {
    const { reply } = new Lab(fixed).ask(bootp());
    expect(reply!.message.yiaddr).toBe('192.168.7.50');
    expect(reply!.message.file).toBe('');
    expect(encode(reply!.message)).toHaveLength(300);
    for (const code of [50, 51, 53, 54, 55, 57, 58, 59, 61, 81]) expect(codes(reply!.message)).not.toContain(code);
  });

  test('however many options there are, they keep to the vendor field and to no other', () => {
    const options = Object.fromEntries(Array.from({ length: 5 }, (_, n) => [224 + n, new Uint8Array(20)]));
    const { message } = new Lab({ ...fixed, options }).ask(bootp()).reply!;
    expect(encode(message)).toHaveLength(300);
    expect(message.options.every((each) => each.region === 'options')).toBe(true);
    expect(codes(message)).not.toContain(52);
  });

  test('a request with empty vendor information, without the magic cookie, is one too', () => {
    const bare = encode(createMessage({ xid, chaddr: mac(1) }));
    bare.fill(0, 236);
    expect(new Lab(fixed).ask(decode(bare).message).reply!.message.yiaddr).toBe('192.168.7.50');
  });

  test('a client that has an address for good keeps it, until it gives it back', () => {
    const lease = { client: `mac/${mac(2)}`, hardware: mac(2), started: 0, renewed: 0, expires: Number.POSITIVE_INFINITY };
    const ask = (state: 'active' | 'released') => new Lab(fixed, [{ ...lease, state, address: '192.168.7.160' }]).ask(bootp(2));
    expect(ask('active').reply!.message.yiaddr).toBe('192.168.7.160');
    expect(ask('active').effects).toEqual([]);
    expect(ask('released').drop).toBe('unknown-client');
  });

  test('while the store cannot be written a reservation is answered, a new lease is not', () => {
    const failing = (config: DhcpConfig, n: number) => {
      const lab = new Lab(config);
      lab.context.storeFailing = true;
      return lab.ask(bootp(n));
    };
    expect(failing(fixed, 1).reply!.message.yiaddr).toBe('192.168.7.50');
    expect(failing({ ...fixed, bootp: 'dynamic' }, 2).drop).toBe('not-stored');
  });

  test('a client gets the boot file of its reservation in the header', () => {
    const lab = new Lab(basic({ reservations: [{ mac: mac(1), address: '192.168.7.50', boot: { filename: 'vmlinuz' } }] }));
    const { message } = lab.ask(bootp()).reply!;
    expect(message.file).toBe('vmlinuz');
    expect(message.siaddr).toBe(SERVER);
  });

  test('addresses from a pool are given only when that is allowed, and without end', () => {
    expect(new Lab(fixed).ask(bootp(2)).drop).toBe('unknown-client');
    expect(new Lab({ ...fixed, bootp: 'off' }).ask(bootp()).drop).toBe('bootp-off');
    const outcome = new Lab({ ...fixed, bootp: 'dynamic' }).ask(bootp(2));
    expect(outcome.effects).toMatchObject([{ type: 'lease', lease: { expires: Number.POSITIVE_INFINITY } }]);
    const lab = new Lab(basic({ bootp: 'dynamic' }, { pools: ['192.168.7.100'] }));
    lab.context.admits = () => false;
    expect(lab.ask(bootp(2)).drop).toBe('rate');
    lab.context = {};
    expect(lab.ask(bootp(2)).reply!.message.yiaddr).toBe('192.168.7.100');
    expect(lab.ask(bootp(3)).drop).toBe('no-free-address');
  });
});

describe('boot file and server name', () => {
  test('stand in the header and in the options: shim reads the one, some ROMs the other', () => {
    const offer = offerTo(firmware(7));
    expect([offer.file, offer.siaddr]).toEqual(['syslinux.efi', SERVER]);
    expect([get(offer, 67), get(offer, 66)]).toEqual(['syslinux.efi', SERVER]);
  });

  test('stand in the ACK as in the OFFER: GRUB takes its server from there', () => {
    const lab = new Lab(config);
    const offer = lab.ask(discover({ xid, chaddr: mac(1), options: firmware(7) })).reply!.message;
    const ack = lab.ask(request(offer, { options: firmware(7) })).reply!.message;
    expect([ack.siaddr, ack.file, get(ack, 66), get(ack, 67)]).toEqual([SERVER, 'syslinux.efi', SERVER, 'syslinux.efi']);
    expect([...getBytes(ack, 43)!]).toEqual([...getBytes(offer, 43)!]);
  });

  test('stand in one of them only by policy', () => {
    const header = offerTo(firmware(0), {}, { ...config, bootFields: 'header' });
    expect(header.file).toBe('pxelinux.0');
    expect(codes(header)).not.toContain(67);
    const only = offerTo(firmware(0), {}, { ...config, bootFields: 'options' });
    expect(only.file).toBe('');
    expect(get(only, 67)).toBe('pxelinux.0');
  });

  test('option 67 ends with NUL by default, 66 only by policy', () => {
    const ends = (policy: DhcpConfig['nulTerminate']) => {
      const offer = offerTo(firmware(0), {}, { ...config, nulTerminate: policy });
      return [66, 67].map((code) => getBytes(offer, code)!.at(-1) === 0);
    };
    expect(ends(undefined)).toEqual([false, true]);
    expect(ends('both')).toEqual([true, true]);
    expect(ends('none')).toEqual([false, false]);
  });

  test('a name too long for the header stands in the option only', () => {
    const url = `http://192.168.7.1/${'x'.repeat(150)}.ipxe`;
    const offer = offerTo({ ...firmware(0), userClass: ['iPXE'] }, {}, basic({ boot: { ipxe: url } }));
    expect(offer.file).toBe('');
    expect(get(offer, 67)).toBe(url);
  });
});

describe('PXE', () => {
  test('option 60 comes back as exactly PXEClient', () => {
    expect([...getBytes(offerTo(firmware(0)), 60)!]).toEqual([...Buffer.from('PXEClient')]);
  });

  test('a well-formed UUID comes back, a malformed or missing one does not', () => {
    const uuid = (bytes?: Uint8Array) => {
      const asking = discover({ xid, chaddr: mac(1), options: firmware(0) });
      if (bytes !== undefined) asking.options.push(rawOption(97, bytes));
      return getBytes(new Lab(config).ask(asking).reply!.message, 97);
    };
    expect(uuid(UUID)).toEqual(UUID);
    expect(uuid(UUID.subarray(0, 16))).toBeUndefined();
    expect(uuid(Uint8Array.of(1, ...UUID.subarray(1)))).toBeUndefined();
    expect(uuid()).toBeUndefined();
  });

  test('a client without architecture is BIOS, one with several takes the first that is known', () => {
    expect(offerTo({ vendorClassIdentifier: 'PXEClient' }).file).toBe('pxelinux.0');
    expect(offerTo({ ...firmware(0), clientArchitecture: [999, 7, 0] }).file).toBe('syslinux.efi');
  });

  test('every architecture of firmware has its row, by the number it sends', () => {
    const kinds = {
      bios: [0],
      'uefi-x86': [6],
      'uefi-x64': [7, 9],
      'uefi-arm': [10],
      'uefi-arm64': [11],
      'uefi-riscv32': [25],
      'uefi-riscv64': [27],
      'uefi-loongarch32': [37],
      'uefi-loongarch64': [39],
      'raspberry-pi': [41],
      'u-boot': [21, 22, 23, 24],
      other: [1, 2, 12, 29, 33, 999],
    } as const;
    const boot = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, kind]));
    for (const [kind, types] of Object.entries(kinds))
      for (const type of types) expect([type, offerTo(firmware(type), {}, basic({ boot })).file]).toEqual([type, kind]);

    const http = { x86: 15, x64: 16, arm: 18, arm64: 19, bios: 20, riscv32: 26, riscv64: 28, loongarch32: 38, loongarch64: 40 };
    const urls = Object.fromEntries(Object.keys(http).map((kind) => [`http-${kind}`, `http://boot/${kind}`]));
    for (const [kind, type] of Object.entries(http)) {
      const options = { vendorClassIdentifier: `HTTPClient:Arch:${String(type).padStart(5, '0')}:UNDI:003000`, clientArchitecture: [type] };
      expect([type, offerTo(options, {}, basic({ boot: urls })).file]).toEqual([type, `http://boot/${kind}`]);
    }
  });

  test('U-Boot that says it is PXE names its architecture in hexadecimal, and only there', () => {
    const offer = offerTo(
      { vendorClassIdentifier: 'PXEClient:Arch:0001b:UNDI:003000' },
      {},
      basic({ boot: { 'uefi-riscv64': 'grubriscv64.efi' } }),
    );
    expect(offer.file).toBe('grubriscv64.efi');
  });

  test('an HTTP boot client that names no architecture is not taken for a BIOS', () => {
    const boot = { bios: 'http://192.168.7.1/bios', other: 'http://192.168.7.1/other' };
    expect(offerTo({ vendorClassIdentifier: 'HTTPClient' }, {}, basic({ boot })).file).toBe(boot.other);
  });

  test('discovery is switched off where there is no menu, and option 43 ends with 255', () => {
    expect([...getBytes(offerTo(firmware(0)), 43)!]).toEqual([6, 1, 8, 255]);
  });

  test('iPXE is known by its user class, counted or plain, and by option 175', () => {
    const plain = discover({ xid, chaddr: mac(1), options: firmware(0) });
    plain.options.push(rawOption(77, Uint8Array.from(Buffer.from('iPXE'))));
    expect(new Lab(config).ask(plain).reply!.message.file).toBe(BOOT.ipxe);
    expect(offerTo({ ...firmware(0), userClass: ['iPXE'] }).file).toBe(BOOT.ipxe);
    const option175 = discover({ xid, chaddr: mac(1), options: firmware(0) });
    option175.options.push(rawOption(175, Uint8Array.of(0x13, 1, 1, 0xeb, 3, 1, 21, 1)));
    expect(new Lab(config).ask(option175).reply!.message.file).toBe(BOOT.ipxe);
  });

  test('pxelinux options are sent although the firmware does not ask for them', () => {
    const options = { pxelinuxConfigFile: 'rack1.cfg', pxelinuxPathPrefix: 'http://192.168.7.1/' } as const;
    const offer = offerTo(
      { ...firmware(0), parameterRequestList: [1, 3] },
      {},
      basic({ boot: { bios: { filename: 'lpxelinux.0', options } } }),
    );
    expect(get(offer, 209)).toBe('rack1.cfg');
    expect(get(offer, 210)).toBe('http://192.168.7.1/');
  });

  test('a Raspberry Pi gets its own boot server text, although it says it is BIOS', () => {
    const pi = basic({ boot: { bios: 'pxelinux.0', 'raspberry-pi': {} } });
    const offer = new Lab(pi).ask(discover({ xid, chaddr: 'dc:a6:32:00:00:01', options: firmware(0) })).reply!.message;
    const text = (name: string) => [...Buffer.from(name)];
    expect([...getBytes(offer, 43)!]).toEqual([
      ...[6, 1, 7],
      ...[9, 23, 0, 0, 20, ...text('Raspberry Pi Boot   ')],
      ...[10, 4, 0, ...text('PXE')],
      255,
    ]);
    expect(get(offer, 60)).toBe('PXEClient');
    expect(offer.siaddr).toBe(SERVER);
  });

  test('U-Boot is known by its class alone', () => {
    const offer = offerTo({ vendorClassIdentifier: 'U-Boot.armv8' }, {}, basic({ boot: { 'u-boot': 'boot.scr.uimg' } }));
    expect(offer.file).toBe('boot.scr.uimg');
  });

  test('UEFI HTTP boot gets HTTPClient and a URL, and nothing where there is no URL', () => {
    const http = { vendorClassIdentifier: 'HTTPClient:Arch:00016:UNDI:003000', clientArchitecture: [16] };
    const url = 'http://192.168.7.1/grubx64.efi';
    const offer = offerTo(http, {}, basic({ boot: { 'http-x64': url } }));
    expect([get(offer, 60), get(offer, 67), offer.file]).toEqual(['HTTPClient', url, url]);
    expect(offerTo(http, {}, basic({ boot: { 'http-x64': 'grubx64.efi' } })).file).toBe('');
  });

  test('a loader that does its own DHCP without options 60 and 93 is served too', () => {
    const offer = offerTo({ parameterRequestList: [1, 3, 66, 67] }, {}, basic({ boot: { other: 'syslinux.efi' } }));
    expect(offer.file).toBe('syslinux.efi');
  });
});

describe('proxyDHCP', () => {
  test('a BIOS client gets file and option 43, no address, no times, the broadcast flag', () => {
    const offer = offerTo({ ...firmware(0) }, {}, proxy());
    expect([offer.yiaddr, offer.file, offer.siaddr]).toEqual(['0.0.0.0', 'pxelinux.0', SERVER]);
    expect(get(offer, 60)).toBe('PXEClient');
    expect(offer.flags & BROADCAST_FLAG).toBe(BROADCAST_FLAG);
    for (const code of [1, 3, 51, 58, 59]) expect(codes(offer)).not.toContain(code);
  });

  test('a UEFI client gets an offer without option 43 that sends it to port 4011, where the file is', () => {
    const lab = new Lab(proxy());
    const offer = lab.ask(discover({ xid, chaddr: mac(1), options: firmware(7) })).reply!.message;
    expect(codes(offer)).not.toContain(43);
    expect([offer.siaddr, offer.file, get(offer, 60)]).toEqual([SERVER, '', 'PXEClient']);
    const ask = createMessage({ xid, chaddr: mac(1), ciaddr: '192.168.7.120', options: { messageType: 3, ...firmware(7) } });
    const outcome = lab.ask(ask, { local: PXE_PORT, source: { address: '192.168.7.120', port: 4011 } });
    expect(typeOf(outcome)).toBe(MessageType.ACK);
    expect(outcome.reply!.message.file).toBe('syslinux.efi');
  });

  test('so does every other kind of UEFI firmware, and no BIOS or HTTP boot client', () => {
    const any = proxy({ boot: { default: 'http://192.168.7.1/x' } });
    const isSent = (arch: number, name = 'PXEClient') => {
      const offer = offerTo({ ...firmware(arch), vendorClassIdentifier: `${name}:Arch:${String(arch).padStart(5, '0')}` }, {}, any);
      return offer.file === '' && !codes(offer).includes(43) && !codes(offer).includes(67);
    };
    for (const arch of [2, 6, 7, 8, 9, 10, 11, 25, 27, 29, 33, 34, 35, 36, 37, 39]) expect([arch, isSent(arch)]).toEqual([arch, true]);
    for (const arch of [0, 1, 12, 13, 14, 31]) expect([arch, isSent(arch)]).toEqual([arch, false]);
    for (const arch of [15, 16, 19, 28]) expect([arch, isSent(arch, 'HTTPClient')]).toEqual([arch, false]);
  });

  test('iPXE gets file and option 43 at once also on UEFI', () => {
    const offer = offerTo({ ...firmware(7), userClass: ['iPXE'] }, {}, proxy());
    expect(offer.file).toBe(BOOT.ipxe);
    expect(codes(offer)).toContain(43);
  });

  test('the boot service answers the port that asked, from port 4011', async () => {
    const wire = new Wire([ETH0, PXE_PORT]);
    const server = createDhcpServer({ ...proxy(), transport: wire });
    await server.start();
    const ask = createMessage({ xid: 0, chaddr: mac(1), ciaddr: '192.168.7.120', options: { messageType: 3, ...firmware(0) } });
    wire.deliver(encode(ask), { local: PXE_PORT, source: { address: '192.168.7.120', port: 68 }, broadcast: false });
    await wire.until(1);
    expect(wire.sent[0]).toMatchObject({ to: { address: '192.168.7.120', port: 68 }, from: PXE_PORT });
    expect(decode(wire.sent[0]!.bytes).message.xid).toBe(0);
    await server.stop();
  });

  test('a client that does not boot, and the REQUEST for another server, are left alone', () => {
    expect(new Lab(proxy()).ask(discover({ xid, chaddr: mac(1) })).drop).toBe('nothing-to-say');
    const other = createMessage({ xid, chaddr: mac(1), options: { messageType: 3, serverIdentifier: '192.168.7.9', ...firmware(0) } });
    expect(new Lab(proxy()).ask(other).drop).toBe('other-server');
  });

  test('a REQUEST to the proxy itself on port 67 is acknowledged', () => {
    const ours = createMessage({ xid, chaddr: mac(1), options: { messageType: 3, serverIdentifier: SERVER, ...firmware(0) } });
    const outcome = new Lab(proxy()).ask(ours);
    expect(typeOf(outcome)).toBe(MessageType.ACK);
    expect(outcome.reply!.message.file).toBe('pxelinux.0');
  });

  const items = [{ label: 'Install', filename: 'installer' }, { label: 'Rescue', filename: 'rescue' }, { label: 'Local disk' }];
  const menu = proxy({ boot: { bios: { menu: { prompt: 'Press F8', timeout: 5, items } }, 'uefi-x64': { menu: { items: [items[0]!] } } } });

  test('a menu names its items, their boot servers and the prompt', () => {
    const space = get(offerTo(firmware(0), {}, menu), 43) as { options?: unknown };
    const text = JSON.stringify(space);
    expect(text).toContain('Install');
    const raw = [...getBytes(offerTo(firmware(0), {}, menu), 43)!];
    expect(raw.slice(0, 3)).toEqual([6, 1, 7]);
    expect(raw.slice(3, 19)).toEqual([8, 14, 0x80, 0, 1, 192, 168, 7, 1, 0x80, 1, 1, 192, 168, 7, 1]);
    expect(raw.at(-1)).toBe(255);
  });

  test('the chosen item is answered with itself, its layer and its file', () => {
    const choose = (type: number, layer: number) =>
      new Lab(menu).ask(
        createMessage({
          xid: 0,
          chaddr: mac(1),
          ciaddr: '192.168.7.120',
          options: [
            option('messageType', 3),
            option('vendorClassIdentifier', 'PXEClient'),
            rawOption(43, Uint8Array.of(71, 4, type >> 8, type & 255, layer >> 8, layer & 255, 255)),
          ],
        }),
        { local: PXE_PORT },
      );
    const { message } = choose(0x8001, 0).reply!;
    expect([message.file, message.yiaddr, message.ciaddr]).toEqual(['rescue', '192.168.7.120', '0.0.0.0']);
    expect([...getBytes(message, 43)!]).toEqual([6, 1, 8, 71, 4, 0x80, 1, 0, 0, 255]);
    expect(choose(0x8001, 2).reply!.message.file).toBe('rescue.2');
    expect(choose(0x8001, 0x8000).drop).toBe('nothing-to-say');
    expect(choose(0x9999, 0).drop).toBe('no-boot-answer');
  });

  test('a menu of one item is its file: UEFI firmware fails on it, also where this server gives the address', () => {
    const full = basic({ boot: menu.boot! });
    const offer = offerTo(firmware(7), {}, full);
    expect([offer.file, ...getBytes(offer, 43)!]).toEqual(['installer', 6, 1, 8, 255]);
    const ask = createMessage({ xid, chaddr: mac(1), ciaddr: '192.168.7.120', options: { messageType: 3, ...firmware(7) } });
    const { message } = new Lab(menu).ask(ask, { local: PXE_PORT }).reply!;
    expect(message.file).toBe('installer');
    expect([...getBytes(message, 43)!]).toEqual([6, 1, 8, 255]);
  });

  test('a proxy can wait, for firmware that wants the address first', () => {
    const lab = new Lab(proxy());
    lab.context.proxyDelay = 500;
    expect(lab.ask(discover({ xid, chaddr: mac(1), options: firmware(0) })).reply!.delay).toBe(500);
  });
});

describe('identity', () => {
  const id = (...bytes: number[]) => rawOption(61, Uint8Array.from(bytes));

  test('a machine keeps its address through ROM, iPXE and system with their different client identifiers', () => {
    const lab = new Lab(config);
    const addresses = [[], [id(1, 0x52, 0x54, 0, 0, 0, 1)], [id(0xff, 1, 2, 3, 4)], [id(0, 9, 9)]].map(
      (options) => lab.lease(1, options).yiaddr,
    );
    expect(new Set(addresses).size).toBe(1);
  });

  test('by client identifier two systems on one machine are two clients', () => {
    const lab = new Lab(basic({ identity: 'client-id' }));
    expect(lab.lease(1, [id(0xff, 1)]).yiaddr).not.toBe(lab.lease(1, [id(0xff, 2)]).yiaddr);
  });

  test('a client without a hardware address (FireWire, InfiniBand) is known by its client identifier', () => {
    const asking = createMessage({
      xid,
      htype: 32,
      hlen: 0,
      chaddr: '',
      flags: BROADCAST_FLAG,
      options: [option('messageType', 1), id(0xff, 1, 2, 3)],
    });
    expect(new Lab(config).ask(asking).reply!.message.yiaddr).toMatch(/^192\.168\.7\./);
    expect(new Lab(basic({ identity: 'mac' })).ask(asking).drop).toBe('no-identity');
  });

  test('the client identifier comes back (RFC 6842), unless that is switched off', () => {
    expect([...getBytes(offerTo([id(1, 2, 3)]), 61)!]).toEqual([1, 2, 3]);
    expect(codes(offerTo([id(1, 2, 3)], {}, basic({ echoClientId: false })))).not.toContain(61);
  });
});

describe('relays', () => {
  const wide = basic();
  wide.subnets.push(
    { subnet: '10.1.0.0/24', pools: ['10.1.0.10-10.1.0.99'], relays: ['172.16.0.1'] },
    { subnet: '10.2.0.0/24', pools: ['10.2.0.10-10.2.0.99'] },
  );
  const relayed = (header: Partial<Message>, ...agent: number[]) => {
    const asking = discover({ xid, chaddr: mac(1), hops: 1, ...header });
    if (agent.length > 0) asking.options.push(rawOption(82, Uint8Array.from(agent)));
    return new Lab(wide).ask(asking, { source: { address: '10.1.0.1', port: 3067 } });
  };

  test('the subnet is that of link selection, else subnet selection, else the relay', () => {
    expect(relayed({ giaddr: '10.1.0.1' }).reply!.message.yiaddr).toMatch(/^10\.1\./);
    expect(relayed({ giaddr: '10.1.0.1' }, 5, 4, 10, 2, 0, 0).reply!.message.yiaddr).toMatch(/^10\.2\./);
    const selecting = discover({ xid, chaddr: mac(1), giaddr: '10.1.0.1', options: [rawOption(118, Uint8Array.of(10, 2, 0, 0))] });
    expect(new Lab(wide).ask(selecting).reply!.message.yiaddr).toMatch(/^10\.2\./);
  });

  test('a relay outside of all subnets belongs to the subnet that names it', () => {
    expect(relayed({ giaddr: '172.16.0.1' }).reply!.message.yiaddr).toMatch(/^10\.1\./);
    expect(relayed({ giaddr: '172.16.0.2' }).drop).toBe('no-subnet');
  });

  test('the relay can put its own address in place of the server identifier', () => {
    const offer = relayed({ giaddr: '10.1.0.1' }, 11, 4, 10, 1, 0, 1).reply!.message;
    expect(get(offer, 'serverIdentifier')).toBe('10.1.0.1');
    const lab = new Lab(wide);
    const asking = request(offer);
    asking.giaddr = '10.1.0.1';
    asking.options.push(rawOption(82, Uint8Array.of(11, 4, 10, 1, 0, 1)));
    expect(typeOf(lab.ask(asking))).toBe(MessageType.ACK);
  });

  test('replies go to port 67 of the relay, or to the port it asks from where it says so', async () => {
    const wire = new Wire();
    const server = createDhcpServer({ ...wide, transport: wire });
    await server.start();
    const asking = discover({ xid, chaddr: mac(1), giaddr: '10.1.0.1' });
    const from = { source: { address: '10.1.0.1', port: 3067 }, broadcast: false };
    wire.deliver(encode(asking), from);
    asking.options.push(rawOption(82, Uint8Array.of(19, 0)));
    wire.deliver(encode(asking), from);
    await wire.until(2);
    expect(wire.sent.map((each) => each.to)).toMatchObject([
      { address: '10.1.0.1', port: 67 },
      { address: '10.1.0.1', port: 3067 },
    ]);
    await server.stop();
  });

  test('a NAK through a relay has the broadcast flag', () => {
    const asking = createMessage({ xid, chaddr: mac(1), giaddr: '10.1.0.1', options: { messageType: 3, requestedAddress: '192.168.7.5' } });
    const { message } = new Lab(wide).ask(asking).reply!;
    expect(get(message, 'messageType')).toBe(MessageType.NAK);
    expect(message.flags & BROADCAST_FLAG).toBe(BROADCAST_FLAG);
  });
});

describe('where replies go', () => {
  const destinations = async (...messages: Message[]) => {
    const wire = new Wire();
    const server = createDhcpServer({ ...config, transport: wire });
    await server.start();
    for (const message of messages) wire.deliver(encode(message));
    await wire.until(messages.length);
    await server.stop();
    return wire.sent.map(({ to }) => `${to.address}:${to.port}`);
  };

  test('a client without an address gets a broadcast whatever its flag: Node cannot write link-layer headers', async () => {
    const flags = [0, BROADCAST_FLAG];
    expect(await destinations(...flags.map((flag, n) => discover({ xid, chaddr: mac(n), flags: flag })))).toEqual([
      '255.255.255.255:68',
      '255.255.255.255:68',
    ]);
  });

  test('an INFORM is answered at its address, a NAK by broadcast', async () => {
    const nak = createMessage({ xid, chaddr: mac(1), options: { messageType: 3, requestedAddress: '10.0.0.1' } });
    expect(await destinations(inform({ xid, chaddr: mac(1), ciaddr: '192.168.7.9' }), nak)).toEqual([
      '192.168.7.9:68',
      '255.255.255.255:68',
    ]);
  });
});

describe('clients', () => {
  test('an old ciaddr in a DISCOVER, or beside option 50, decides nothing', () => {
    expect(offerTo({}, { ciaddr: '10.99.99.99' }).yiaddr).toMatch(/^192\.168\.7\./);
    const lab = new Lab(config);
    const offer = lab.ask(discover({ xid, chaddr: mac(1) })).reply!.message;
    expect(typeOf(lab.ask(request(offer, { ciaddr: '10.99.99.99' })))).toBe(MessageType.ACK);
  });

  test('T1 and T2 stand in the OFFER too', () => {
    expect(codes(offerTo({}))).toEqual(expect.arrayContaining([51, 58, 59]));
  });

  test('T1 is spread, so that machines that booted together do not renew together', () => {
    const lab = new Lab(config);
    const t1 = Array.from({ length: 20 }, (_, n) => get(lab.lease(n), 'renewalTime')!);
    expect(new Set(t1).size).toBeGreaterThan(10);
    for (const each of t1) expect(each).toSatisfy((seconds: number) => seconds > 1800 - 226 && seconds <= 1800);
  });

  test('a reserved address that was declined is not given until its quarantine is over; meanwhile there is another', () => {
    const lab = new Lab(basic({ reservations: [{ mac: mac(1), address: '192.168.7.50' }] }));
    const ack = lab.lease(1);
    lab.ask(decline(ack, { xid }));
    expect(lab.ask(discover({ xid, chaddr: mac(1) })).reply!.message.yiaddr).toMatch(/^192\.168\.7\.(1\d\d|200)$/);
    lab.now += 600_001;
    expect(lab.lease(1).yiaddr).toBe('192.168.7.50');
  });

  test('a DECLINE for another server is none of ours', () => {
    const lab = new Lab(config);
    const ack = lab.lease(1);
    const stranger = decline(ack, { xid });
    stranger.options = stranger.options.map((each) => (each.code === 54 ? option('serverIdentifier', '192.168.7.9') : each));
    expect(lab.ask(stranger).drop).toBe('other-server');
  });

  test('an empty host name, a missing End and a repeated address option do no harm', () => {
    const lab = new Lab(config);
    const asking = discover({ xid, chaddr: mac(1) });
    asking.options.push(
      rawOption(12, new Uint8Array(0)),
      option('requestedAddress', '192.168.7.133'),
      option('requestedAddress', '192.168.7.133'),
    );
    const { message } = decode(encode(asking).subarray(0, 240 + 3 + 2 + 6 + 6));
    expect(lab.ask(message).reply!.message.yiaddr).toBe('192.168.7.133');
  });

  test('a client that ends its host name with NUL gets texts that end with NUL', () => {
    const name = (hostName: string) =>
      getBytes(
        offerTo([rawOption(12, Buffer.from(hostName)), rawOption(55, Uint8Array.of(15, 6))], {}, basic({ options: { domainName: 'lab' } })),
        15,
      );
    expect([...name('box')!]).toEqual([...Buffer.from('lab')]);
    expect([...name('box\0')!]).toEqual([...Buffer.from('lab\0')]);
  });

  test('a client that asks for DNS updates (option 81) is told that there are none, S and N never set together', () => {
    const name = [3, 98, 111, 120, 0];
    const answer = (flags: number) => getBytes(offerTo([rawOption(81, Uint8Array.of(flags, 0, 0, ...name))]), 81);
    const [S, O, E, N] = [1, 2, 4, 8];
    expect([...answer(S | E)!]).toEqual([N | E | O, 255, 255, ...name]);
    expect([...answer(E)!]).toEqual([N | E, 255, 255, ...name]);
    expect([...answer(S | N | E)!]).toEqual([N | E | O, 255, 255, ...name]);
    expect(getBytes(offerTo([rawOption(81, Uint8Array.of(1))]), 81)).toBeUndefined();
    expect(getBytes(offerTo([rawOption(55, Uint8Array.of(81))]), 81)).toBeUndefined();
  });

  test('a hardware address longer than its field is refused', () => {
    expect(new Lab(config).ask({ ...discover({ xid, chaddr: mac(1) }), hlen: 17 }).drop).toBe('not-a-request');
  });

  test('a machine that boots from the OFFER and never asks for it costs nothing lasting', () => {
    const lab = new Lab(basic({}, { pools: ['192.168.7.100-192.168.7.100'] }));
    lab.ask(discover({ xid, chaddr: mac(1) }));
    expect(lab.book.size).toBe(0);
    // Its address goes to the next client that asks in earnest.
    expect(lab.lease(2).yiaddr).toBe('192.168.7.100');
  });

  test('a renewal keeps the lease time within the bounds of the configuration', () => {
    const lab = new Lab(basic({ leaseTime: { default: 600, min: 300, max: 900 } }));
    const time = (seconds?: number) => get(lab.lease(1, seconds === undefined ? {} : { leaseTime: seconds }), 'leaseTime');
    expect([time(), time(1), time(700), time(86400), time(0xffffffff)]).toEqual([600, 300, 700, 900, 900]);
  });

  test('a renewed lease is that of the renewing client only', () => {
    const lab = new Lab(config);
    const ack = lab.lease(1);
    const thief = { ...renew(ack, { xid }), chaddr: mac(2) };
    const outcome = lab.ask(thief, { broadcast: false });
    expect(typeOf(outcome)).toBe(MessageType.NAK);
    expect(rules(outcome)).toContain('nak');
  });
});
