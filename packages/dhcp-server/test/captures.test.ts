// Requests of real clients, byte for byte as they were captured: iPXE's ROM, EDK2, anaconda, udhcpc, dhclient, dhcpcd, dhcrelay, klibc's
// ipconfig with BOOTP. Leases were short and replies were lost on purpose, so that clients came to every state.
import { decode, discover, encode, getBytes, type Message } from '@pxekit/dhcp';
import type { DhcpConfig, Endpoint, Lease } from '@pxekit/dhcp-server';
import { describe, expect, test } from 'vitest';
import captures from './captures.json' with { type: 'json' };
import { codes, get, Lab, MessageType, NOW, rules, typeOf } from './support.js';

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
      ['dhclientRebinding', true, 'state/rebinding'],
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

  const home: Endpoint = { address: '192.168.7.1', addresses: ['192.168.7.1'], port: 67, interface: 'br0' };
  const atHome = (more: Partial<DhcpConfig> = {}): DhcpConfig => ({
    subnets: [{ subnet: '192.168.7.0/24', pools: ['192.168.7.60-192.168.7.200'], options: { routers: ['192.168.7.1'] } }],
    ...more,
  });
  const leased = (hardware: string, address: string, relayAgent?: string): Lease => ({
    address,
    client: `mac/${hardware}`,
    hardware,
    state: 'active',
    started: NOW,
    renewed: NOW,
    expires: NOW + 24_000,
    relayAgent,
  });

  test('dhclient comes back to its own network by INIT-REBOOT and keeps its address', () => {
    const message = captured('dhclientInitRebootAtHome');
    const known = new Lab(atHome(), [leased(message.chaddr, '192.168.7.61')]).ask(message, { local: home });
    expect(rules(known)).toContain('state/init-reboot');
    expect([typeOf(known), known.reply!.message.yiaddr]).toEqual([MessageType.ACK, '192.168.7.61']);
    expect(new Lab(atHome()).ask(message, { local: home }).drop).toBe('unknown-lease');
  });

  test('dhclient releases by unicast what it has, and nobody else’s', () => {
    const message = captured('dhclientRelease');
    const lab = new Lab(atHome(), [leased(message.chaddr, '192.168.7.61')]);
    const outcome = lab.ask(message, { local: home, broadcast: false });
    expect([outcome.reply, outcome.effects[0]?.type]).toEqual([undefined, 'release']);
    const other = new Lab(atHome(), [leased('52:54:00:00:00:99', '192.168.7.61')]);
    expect(other.ask(message, { local: home, broadcast: false }).drop).toBe('unknown-lease');
  });

  test('udhcpc declines an address that somebody answers at, and is given another', () => {
    const message = captured('udhcpcDecline');
    const lab = new Lab(atHome({ reservations: [{ mac: message.chaddr, address: '192.168.7.63' }] }), [
      leased(message.chaddr, '192.168.7.63'),
    ]);
    const outcome = lab.ask(message, { local: home, broadcast: true });
    expect(outcome.reply).toBeUndefined();
    expect(outcome.effects).toMatchObject([{ type: 'decline', lease: { address: '192.168.7.63', state: 'declined' } }]);
    const next = lab.ask(discover({ xid: 1, chaddr: message.chaddr }), { local: home }).reply!.message;
    expect(next.yiaddr).not.toBe('192.168.7.63');
  });

  test('an INFORM gets options and no lease, by broadcast too', () => {
    for (const [message, to, at] of [
      [captured('inform'), config, local],
      [captured('dhcpcdInform'), atHome(), home],
    ] as const) {
      const outcome = new Lab(to).ask(message, { local: at, broadcast: true });
      const reply = outcome.reply!.message;
      expect([typeOf(outcome), reply.yiaddr, reply.ciaddr]).toEqual([MessageType.ACK, '0.0.0.0', message.ciaddr]);
      for (const code of [51, 58, 59]) expect(codes(reply)).not.toContain(code);
      expect(outcome.effects).toEqual([]);
    }
  });

  describe('behind dhcrelay', () => {
    const far: DhcpConfig = { subnets: [{ subnet: '10.1.0.0/24', pools: ['10.1.0.10-10.1.0.60'] }] };
    const up0: Endpoint = { address: '10.0.0.1', addresses: ['10.0.0.1'], port: 67, interface: 'up0' };
    const agent = '0103627231';
    const states = [
      ['udhcpcRenewingFromAfar', '10.1.0.22', 'state/renewing'],
      // The relay listens to unicasts that pass, and sends them on as well.
      ['relayedRenewingCopy', '10.0.0.2', 'state/rebinding'],
      ['relayedRebinding', '10.0.0.2', 'state/rebinding'],
    ] as const;
    const from = (address: string) => ({ local: up0, source: { address, port: 68 }, broadcast: false });

    test('udhcpc renews past the relay and rebinds through it, and the record says where it is', () => {
      const lab = new Lab(far, [leased('52:54:00:07:01:12', '10.1.0.22', agent)]);
      for (const [name, source, state] of states) {
        const outcome = lab.ask(captured(name), from(source));
        expect(rules(outcome)).toContain(state);
        expect([typeOf(outcome), outcome.reply!.message.yiaddr]).toEqual([MessageType.ACK, '10.1.0.22']);
        expect([...lab.book.all()]).toMatchObject([{ address: '10.1.0.22', relayAgent: agent }]);
      }
    });

    test('a server without a record refuses only what was meant for it', () => {
      const types = states.map(([name, source]) => typeOf(new Lab(far).ask(captured(name), from(source))));
      expect(types).toEqual([MessageType.NAK, undefined, undefined]);
    });

    test('a reservation by relay port holds in every state', () => {
      const lab = new Lab({ ...far, reservations: [{ circuitId: 'br1', address: '10.1.0.22' }] }, [
        leased('52:54:00:07:01:12', '10.1.0.22', agent),
      ]);
      for (const [name, source] of states) {
        const outcome = lab.ask(captured(name), from(source));
        expect([typeOf(outcome), outcome.reply!.message.yiaddr]).toEqual([MessageType.ACK, '10.1.0.22']);
      }
    });

    test('udhcpc releases past the relay', () => {
      const lab = new Lab(far, [leased('52:54:00:07:01:12', '10.1.0.22', agent)]);
      expect(lab.ask(captured('udhcpcReleaseFromAfar'), from('10.1.0.22')).effects).toMatchObject([{ type: 'release' }]);
    });
  });

  test('klibc’s BOOTP request, which ends with the header, gets its reservation in 300 bytes', () => {
    const message = captured('klibcBootp');
    expect(captures.klibcBootp).toHaveLength(2 * 236);
    const lab = new Lab(atHome({ reservations: [{ mac: message.chaddr, address: '192.168.7.65' }] }));
    const outcome = lab.ask(message, { local: home });
    const reply = outcome.reply!.message;
    expect([reply.yiaddr, encode(reply).length]).toEqual(['192.168.7.65', 300]);
    expect(outcome.effects).toMatchObject([{ type: 'lease', lease: { expires: Number.POSITIVE_INFINITY } }]);
    expect(codes(reply)).toEqual([3, 1, 28]);
    expect(new Lab(atHome()).ask(message, { local: home }).drop).toBe('unknown-client');
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
