import { createMessage, decline, release } from '@pxekit/dhcp';
import { describe, expect, test } from 'vitest';
import { formatIpv4 } from '../src/ipv4.js';
import { basic, discover, Lab, mac, SERVER } from './support.js';

const xid = 5;

describe('DECLINE', () => {
  const refuseOffer = (lab: Lab, n: number) => {
    const { yiaddr } = lab.ask(discover({ xid, chaddr: mac(n) })).reply!.message;
    return lab.ask(createMessage({ xid, chaddr: mac(n), options: { messageType: 4, requestedAddress: yiaddr, serverIdentifier: SERVER } }));
  };

  test('of an address that was only offered puts it aside and counts against the source, like a lease', () => {
    const lab = new Lab();
    const [effect] = refuseOffer(lab, 1).effects;
    expect(effect).toMatchObject({ type: 'decline', source: 'eth0' });
    const leased = lab.ask(decline(lab.lease(2), { xid })).effects[0];
    expect(leased).toMatchObject({ type: 'decline', source: undefined });
  });

  test('of an offer is not heard from a source that brought too many', () => {
    const lab = new Lab();
    lab.ask(discover({ xid, chaddr: mac(1) }));
    lab.context.admits = () => false;
    const { address } = lab.book.offerOf(lab.plan.networks[0]!, `mac/${mac(1)}`)!;
    const options = { messageType: 4 as const, requestedAddress: formatIpv4(address), serverIdentifier: SERVER };
    expect(lab.ask(createMessage({ xid, chaddr: mac(1), options })).drop).toBe('rate');
    expect(lab.book.at(address)).toBeUndefined();
  });

  test('of an address that nobody gave the client is not heard', () => {
    const lab = new Lab();
    for (const address of ['192.168.7.120', '192.168.7.50', '10.0.0.1', '0.0.0.0'])
      expect(
        lab.ask(createMessage({ xid, chaddr: mac(1), options: { messageType: 4, requestedAddress: address, serverIdentifier: SERVER } }))
          .drop,
      ).toBe('unknown-lease');
    expect(lab.ask(createMessage({ xid, chaddr: mac(1), options: { messageType: 4, serverIdentifier: SERVER } })).drop).toBe(
      'unknown-lease',
    );
  });

  test('names the address in ciaddr where option 50 is missing, and keeps the record of the client', () => {
    const lab = new Lab();
    const ack = lab.lease(1, { hostName: 'box' });
    const message = createMessage({ xid, chaddr: mac(1), ciaddr: ack.yiaddr, options: { messageType: 4, serverIdentifier: SERVER } });
    expect(lab.ask(message).effects).toMatchObject([{ lease: { address: ack.yiaddr, hostname: 'box', state: 'declined' } }]);
  });

  test('without a server identifier is heard', () => {
    const lab = new Lab();
    const message = decline(lab.lease(1), { xid });
    message.options = message.options.filter((each) => each.code !== 54);
    expect(lab.ask(message).effects).toMatchObject([{ type: 'decline', lease: { state: 'declined', expires: lab.now + 600_000 } }]);
  });
});

describe('RELEASE', () => {
  test('for another server, or of what was released already, is not heard', () => {
    const lab = new Lab();
    const ack = lab.lease(1);
    const stranger = release(ack, { xid });
    stranger.options = stranger.options.map((each) => (each.code === 54 ? { ...each, data: Uint8Array.of(192, 168, 7, 9) } : each));
    expect(lab.ask(stranger).drop).toBe('other-server');
    expect(lab.ask(release(ack, { xid })).effects).toHaveLength(1);
    expect(lab.ask(release(ack, { xid })).drop).toBe('unknown-lease');
  });

  test('of a client that sends another client identifier than for the lease is heard, by hardware address', () => {
    const lab = new Lab(basic());
    const ack = lab.lease(1, [{ code: 61, region: 'options', data: Uint8Array.of(255, 1) }]);
    const message = release(ack, { xid });
    message.options = [...message.options.filter((each) => each.code !== 61), { code: 61, region: 'options', data: Uint8Array.of(255, 2) }];
    expect(lab.ask(message).effects).toMatchObject([{ type: 'release' }]);
  });
});
