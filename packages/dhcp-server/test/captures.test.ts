// Requests of real clients, byte for byte as they were captured: iPXE's ROM, EDK2, anaconda, udhcpc, dhclient, dhcrelay, a BOOTP client.
import { decode, encode, getBytes, type Message } from '@pxekit/dhcp';
import type { DhcpConfig, Endpoint } from '@pxekit/dhcp-server';
import { describe, expect, test } from 'vitest';
import captures from './captures.json' with { type: 'json' };
import { codes, get, Lab, MessageType, rules, typeOf } from './support.js';

const captured = (name: keyof typeof captures): Message => decode(Uint8Array.from(Buffer.from(captures[name], 'hex'))).message;

const local: Endpoint = { address: '10.77.0.1', addresses: ['10.77.0.1'], port: 67, interface: 'br0' };
const config: DhcpConfig = {
  subnets: [
    { subnet: '10.77.0.0/24', pools: ['10.77.0.50-10.77.0.250'], options: { routers: ['10.77.0.1'] } },
    { subnet: '10.78.0.0/24', pools: ['10.78.0.50-10.78.0.60'] },
  ],
  boot: { bios: 'pxelinux.0', ipxe: 'http://10.77.0.1/boot.ipxe', 'uefi-x64': 'syslinux.efi', 'http-x64': 'http://10.77.0.1/grubx64.efi' },
};
const proxy: DhcpConfig = { ...config, subnets: [{ subnet: '10.77.0.0/24', mode: 'proxy' }] };

const ask = (name: keyof typeof captures, more: DhcpConfig = config, at: Endpoint = local, broadcast = true) => {
  const outcome = new Lab(more).ask(captured(name), { local: at, broadcast });
  if (outcome.reply !== undefined) expect(decode(encode(outcome.reply.message)).issues).toEqual([]);
  return outcome;
};

describe('address and lease', () => {
  test('the ROM of iPXE gets offer and ACK of the same address, and its script', () => {
    const lab = new Lab(config);
    const offer = lab.ask(captured('ipxeDiscover'), { local }).reply!.message;
    expect(offer.file).toBe('http://10.77.0.1/boot.ipxe');
    const outcome = lab.ask(captured('ipxeRequest'), { local });
    expect(typeOf(outcome)).toBe(MessageType.ACK);
    expect(rules(outcome)).toContain('state/selecting');
    expect(outcome.reply!.message.yiaddr).toBe('10.77.0.100');
  });

  test('udhcpc and anaconda are acknowledged in SELECTING', () => {
    for (const [name, address] of [
      ['udhcpcRequest', '10.77.0.190'],
      ['anacondaRequest', '10.77.0.191'],
    ] as const)
      expect(ask(name).reply!.message.yiaddr).toBe(address);
    expect(typeOf(ask('udhcpcDiscover'))).toBe(MessageType.OFFER);
  });

  test('a client that comes from another network by INIT-REBOOT is refused', () => {
    const outcome = ask('dhclientInitReboot');
    expect(typeOf(outcome)).toBe(MessageType.NAK);
    expect(rules(outcome)).toContain('state/init-reboot');
  });

  test('dhclient and udhcpc renew by unicast and rebind by broadcast what they have, and nobody else’s', () => {
    const at: Endpoint = { address: '192.168.7.1', addresses: ['192.168.7.1'], port: 67, interface: 'eth0' };
    const subnets = [{ subnet: '192.168.7.0/24', pools: ['192.168.7.50-192.168.7.200'] }];
    for (const [name, broadcast, state] of [
      ['dhclientRenewing', false, 'state/renewing'],
      ['udhcpcRenewing', false, 'state/renewing'],
      ['udhcpcRebinding', true, 'state/rebinding'],
    ] as const) {
      const message = captured(name);
      const { ciaddr, chaddr } = message;
      const known = new Lab({ subnets, reservations: [{ mac: chaddr, address: ciaddr }] }).ask(message, { local: at, broadcast });
      expect(rules(known)).toContain(state);
      expect([typeOf(known), known.reply!.message.yiaddr, known.reply!.message.ciaddr]).toEqual([MessageType.ACK, ciaddr, ciaddr]);
      expect(known.effects).toMatchObject([{ type: 'lease', lease: { address: ciaddr, hardware: chaddr } }]);
      const taken = new Lab({ subnets, reservations: [{ mac: '52:54:00:00:00:99', address: ciaddr }] });
      expect(typeOf(taken.ask(message, { local: at, broadcast }))).toBe(broadcast ? undefined : MessageType.NAK);
    }
  });

  test('an INFORM gets options and no lease', () => {
    const { message } = ask('inform').reply!;
    expect([message.yiaddr, message.ciaddr]).toEqual(['0.0.0.0', '10.77.0.9']);
    expect(codes(message)).not.toContain(51);
  });

  test('relayed requests get an address of the relay’s network and option 82 as it was', () => {
    const discover = captured('relayedDiscover');
    const outcome = ask('relayedDiscover', config, local, false);
    expect(outcome.reply!.message.yiaddr).toMatch(/^10\.78\.0\./);
    expect(getBytes(outcome.reply!.message, 82)).toEqual(getBytes(discover, 82));
    expect(ask('relayedRequest', config, local, false).reply!.message.yiaddr).toBe('10.78.0.50');
  });

  test('a BOOTP request without a hardware address is nobody’s; with one it gets its reservation in 300 bytes', () => {
    expect(ask('bootp').drop).toBe('no-identity');
    const lab = new Lab({ ...config, reservations: [{ mac: '52:54:00:77:00:77', address: '10.77.0.77' }] });
    const outcome = lab.ask({ ...captured('bootp'), htype: 1, hlen: 6, chaddr: '52:54:00:77:00:77' }, { local, broadcast: true });
    const { message } = outcome.reply!;
    expect(message.yiaddr).toBe('10.77.0.77');
    expect(encode(message)).toHaveLength(300);
  });
});

describe('UEFI', () => {
  test('EDK2 gets its program, over PXE and over HTTP', () => {
    expect(ask('edk2Discover').reply!.message.file).toBe('syslinux.efi');
    const http = ask('edk2HttpDiscover').reply!.message;
    expect([get(http, 60), get(http, 67)]).toEqual(['HTTPClient', 'http://10.77.0.1/grubx64.efi']);
  });
});

describe('proxyDHCP', () => {
  const at = { ...local, address: '10.77.0.2', addresses: ['10.77.0.2'] };

  test('EDK2 is sent to port 4011', () => {
    const offer = ask('edk2Discover', proxy, at).reply!.message;
    expect([offer.yiaddr, offer.file, offer.siaddr]).toEqual(['0.0.0.0', '', '10.77.0.2']);
    expect(codes(offer)).not.toContain(43);
  });

  test('iPXE that asks port 4011 gets its script there too', () => {
    const answer = ask('ipxeBootServerRequest', proxy, { ...at, port: 4011 }, false).reply!.message;
    expect([get(answer, 'messageType'), answer.file, answer.yiaddr]).toEqual([5, 'http://10.77.0.1/boot.ipxe', '10.77.0.173']);
  });

  test('iPXE gets its script in the offer', () => {
    expect(ask('ipxeDiscover', proxy, at).reply!.message.file).toBe('http://10.77.0.1/boot.ipxe');
  });

  test('a REQUEST for the address server is none of the proxy’s', () => {
    expect(ask('ipxeRequest', proxy, at).drop).toBe('other-server');
  });
});
