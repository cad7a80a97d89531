import {
  ack,
  BOOT_POLICIES,
  bootFields,
  bootpReply,
  bootServerReply,
  createMessage,
  DiscoveryControl,
  decline,
  decode,
  discover,
  encode,
  findSubOption,
  get,
  getBytes,
  inform,
  isBootp,
  nak,
  offer,
  proxyOffer,
  pxeAck,
  pxeOffer,
  RASPBERRY_PI_BOOT,
  rawOption,
  release,
  renew,
  request,
  requestedBootItem,
} from '@pxekit/dhcp';
import { describe, expect, test } from 'vitest';

const chaddr = '52:54:00:77:00:01';
const server = { serverIdentifier: '10.0.0.1' };
const relay = Uint8Array.of(1, 2, 0, 7);
const asked = {
  ...discover({
    xid: 0xdeadbeef,
    chaddr,
    flags: 0x8000,
    giaddr: '10.1.0.1',
    secs: 4,
    options: {
      clientIdentifier: { type: 1, id: '525400770001' },
      vendorClassIdentifier: 'PXEClient:Arch:00000:UNDI:002001',
      clientMachineId: { type: 0, id: '000102030405060708090a0b0c0d0e0f' },
    },
  }),
};
asked.options.push(rawOption(82, relay));
const codes = (message: { options: { code: number }[] }) => message.options.map(({ code }) => code);

describe('replies of a server', () => {
  test('take over the transaction, the flags, the relay, 61 and 82', () => {
    const reply = offer(asked, { ...server, yiaddr: '10.1.0.50', options: { leaseTime: 60 } });
    expect(reply).toMatchObject({ op: 2, htype: 1, hlen: 6, hops: 0, xid: 0xdeadbeef, secs: 0, flags: 0x8000, giaddr: '10.1.0.1', chaddr });
    expect(codes(reply)).toEqual([53, 54, 51, 61, 82]);
    expect(getBytes(reply, 82)).toEqual(relay);
    expect(get(reply, 'clientIdentifier')).toEqual(get(asked, 'clientIdentifier'));
  });

  test('leave 61 out when asked to, and let options given win', () => {
    const reply = offer(asked, { ...server, yiaddr: '10.1.0.50', echoClientIdentifier: false, options: { serverIdentifier: '10.0.0.9' } });
    expect(codes(reply)).toEqual([53, 54, 82]);
    expect(get(reply, 'serverIdentifier')).toBe('10.0.0.9');
  });

  test('an ACK keeps ciaddr; to an INFORM it has no address and no lease', () => {
    const renewing = renew(ack(asked, { ...server, yiaddr: '10.1.0.50' }), { xid: 5 });
    expect(renewing).toMatchObject({ ciaddr: '10.1.0.50', xid: 5 });
    expect(ack(renewing, { ...server, yiaddr: '10.1.0.50' })).toMatchObject({ ciaddr: '10.1.0.50', yiaddr: '10.1.0.50' });
    const informed = ack(inform({ xid: 1, chaddr, ciaddr: '10.0.0.7' }), {
      ...server,
      yiaddr: '10.0.0.7',
      options: { leaseTime: 1, routers: ['10.0.0.1'] },
    });
    expect(informed).toMatchObject({ ciaddr: '10.0.0.7', yiaddr: '0.0.0.0' });
    expect(codes(informed)).toEqual([53, 54, 3]);
  });

  test('a NAK has 53, 54, 56, 61, 82 only, and is broadcast behind a relay', () => {
    const refusal = nak({ ...asked, flags: 0 }, { ...server, message: 'wrong network' });
    expect(codes(refusal)).toEqual([53, 54, 56, 61, 82]);
    expect(refusal.flags).toBe(0x8000);
    expect(nak({ ...asked, flags: 0, giaddr: '0.0.0.0' }, server).flags).toBe(0);
  });

  test('BOOTP is answered without option 53', () => {
    const plain = createMessage({ xid: 3, chaddr });
    expect([isBootp(plain), isBootp(asked)]).toEqual([true, false]);
    expect(codes(bootpReply(plain, { yiaddr: '10.0.0.5', options: { subnetMask: '255.0.0.0' } }))).toEqual([1]);
  });
});

describe('messages of a client', () => {
  const offered = offer(asked, { ...server, yiaddr: '10.1.0.50' });
  test('a REQUEST names the address and the server of the offer', () => {
    const next = request(offered, { options: { hostName: 'n' } });
    expect(next).toMatchObject({ op: 1, xid: 0xdeadbeef, ciaddr: '0.0.0.0', chaddr });
    expect([get(next, 'messageType'), get(next, 'requestedAddress'), get(next, 'serverIdentifier')]).toEqual([3, '10.1.0.50', '10.0.0.1']);
    expect(codes(next)).toEqual([53, 50, 54, 61, 12]);
  });
  test('an offer without a server cannot be taken', () => {
    expect(() => request(createMessage())).toThrow('option 54');
  });
  test('RELEASE and DECLINE name the server too', () => {
    expect(release(offered, { xid: 1 })).toMatchObject({ ciaddr: '10.1.0.50', flags: 0 });
    expect(get(decline(offered, { xid: 1 }), 'requestedAddress')).toBe('10.1.0.50');
  });
});

describe('PXE replies', () => {
  const boot = { server: '10.0.0.1', file: 'pxelinux.0' };

  test('an offer echoes 60 short and 97 whole, and names the file in the header and in 67, which ends in NUL', () => {
    const reply = pxeOffer(asked, { ...server, yiaddr: '10.1.0.50', boot, pxe: { discoveryControl: DiscoveryControl.BOOT_FILE } });
    expect(reply).toMatchObject({ siaddr: '10.0.0.1', file: 'pxelinux.0' });
    expect(get(reply, 'vendorClassIdentifier')).toBe('PXEClient');
    expect(getBytes(reply, 97)).toEqual(getBytes(asked, 97));
    expect(getBytes(reply, 43)).toEqual(Uint8Array.of(6, 1, 8, 255));
    expect(getBytes(reply, 67)).toEqual(new TextEncoder().encode('pxelinux.0\0'));
    expect(get(reply, 'tftpServerName')).toBe('10.0.0.1');
    expect(codes(reply).at(-1)).toBe(82);
    expect(decode(encode(reply), { strict: true }).issues).toEqual([]);
  });

  test('97 is not echoed when it is not well formed, nor 60 to a client that sent none', () => {
    const odd = discover({ xid: 1, chaddr, options: { vendorClassIdentifier: 'HTTPClient:Arch:00016' } });
    odd.options.push(rawOption(97, new Uint8Array(5)));
    const reply = pxeAck(odd, { ...server, yiaddr: '10.0.0.5', boot: { file: 'http://10.0.0.1/boot.efi' } });
    expect([get(reply, 'vendorClassIdentifier'), getBytes(reply, 97)]).toEqual(['HTTPClient', undefined]);
    expect(codes(pxeAck(discover({ xid: 1, chaddr }), { ...server, boot }))).toEqual([53, 54, 66, 67]);
  });

  test('a proxy offer has no address, no lease, and is broadcast', () => {
    const reply = proxyOffer({ ...asked, flags: 0 }, { ...server, boot, options: { leaseTime: 60 } });
    expect(reply).toMatchObject({ yiaddr: '0.0.0.0', flags: 0x8000, siaddr: '10.0.0.1' });
    expect(codes(reply)).not.toContain(51);
  });

  test('a boot server sends the item back and moves ciaddr to yiaddr', () => {
    const ask = discover({
      xid: 0,
      chaddr,
      ciaddr: '10.0.0.50',
      options: { vendorClassIdentifier: 'PXEClient', vendorSpecific: { space: 'PXE', options: { bootItem: { type: 4, layer: 0 } } } },
    });
    expect(requestedBootItem(ask)).toEqual({ type: 4, layer: 0 });
    const reply = bootServerReply(ask, { ...server, boot });
    expect(reply).toMatchObject({ xid: 0, ciaddr: '0.0.0.0', yiaddr: '10.0.0.50' });
    expect(requestedBootItem(reply)).toEqual({ type: 4, layer: 0 });
    expect(requestedBootItem(asked)).toBeUndefined();
  });

  test('policies say where the file is named', () => {
    const of = (policy: keyof typeof BOOT_POLICIES, file = 'f') => {
      const fields = bootFields({ server: '10.0.0.1', serverName: 'boot', file }, BOOT_POLICIES[policy]);
      return [
        fields.sname,
        fields.file,
        ...fields.options.map(({ code, data }) => `${code}:${Buffer.from(data).toString().replace('\0', '|')}`),
      ];
    };
    expect(of('standard')).toEqual(['boot', 'f', '66:boot', '67:f|']);
    expect(of('header')).toEqual(['boot', 'f']);
    expect(of('options')).toEqual(['', '', '66:boot', '67:f|']);
    expect(of('raspberryPi')).toEqual(['boot', 'f', '66:boot', '67:f']);
    const long = 'x'.repeat(128);
    expect(of('header', long)).toEqual(['boot', '', `67:${long}`]);
  });

  test('what a Raspberry Pi wants is octet for octet what it wants', () => {
    const reply = pxeOffer(asked, { ...server, yiaddr: '10.0.0.2', boot, pxe: RASPBERRY_PI_BOOT });
    const hex = Buffer.from(getBytes(reply, 43)!).toString('latin1');
    expect(hex).toBe('\x09\x14\x00\x00\x11Raspberry Pi Boot\x0a\x04\x00PXE\xff');
    const vendor = get(reply, 'vendorSpecific');
    expect(vendor instanceof Uint8Array || vendor?.space !== 'PXE' ? undefined : findSubOption(vendor.options, 'bootMenu')).toEqual([
      { type: 0, description: 'Raspberry Pi Boot' },
    ]);
  });
});
