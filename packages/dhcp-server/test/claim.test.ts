import { createMessage, rawOption } from '@pxekit/dhcp';
import { describe, expect, test } from 'vitest';
import { basic, discover, ETH0, Lab, mac, request, SERVER } from './support.js';

describe('the rate of new clients', () => {
  /** The sources that the limit was asked about, and the one that the lease counts against. */
  const sources = (header: object, options: ReturnType<typeof rawOption>[] = [], local = ETH0) => {
    const lab = new Lab();
    const asked = new Set<string>();
    lab.context.admits = (source) => asked.add(source) !== undefined;
    const from = { local, broadcast: true };
    const offer = lab.ask(discover({ xid: 1, chaddr: mac(1), ...header, options }), from).reply!.message;
    const [effect] = lab.ask(request(offer, { ...header, options }), from).effects;
    return [...asked, effect?.type === 'lease' ? effect.source : undefined];
  };

  test('is counted by interface, by address where that has no name, and by the port of a relay', () => {
    expect(sources({})).toEqual(['eth0', 'eth0']);
    expect(sources({}, [], { address: SERVER, port: 67 })).toEqual([SERVER, SERVER]);
    expect(sources({ giaddr: '192.168.7.254' })).toEqual(['192.168.7.254/', '192.168.7.254/']);
    expect(sources({ giaddr: '192.168.7.254' }, [rawOption(82, Uint8Array.of(1, 2, 0xca, 0xfe))])).toEqual([
      '192.168.7.254/cafe',
      '192.168.7.254/cafe',
    ]);
  });

  test('is not asked about a client that has or had a lease, or a reservation', () => {
    const lab = new Lab(basic({ reservations: [{ mac: mac(2) }] }));
    lab.lease(1);
    lab.context.admits = () => false;
    for (const n of [1, 2]) {
      const offer = lab.ask(discover({ xid: 1, chaddr: mac(n) })).reply!.message;
      expect(lab.ask(request(offer)).effects).toMatchObject([{ type: 'lease', source: undefined }]);
    }
  });
});

describe('the record of a lease', () => {
  const record = (lab: Lab, options: object, header: object = {}) => {
    const offer = lab.ask(discover({ xid: 1, chaddr: mac(1) })).reply!.message;
    const [effect] = lab.ask(request(offer, { ...header, options })).effects;
    return effect?.type === 'lease' ? effect.lease : undefined;
  };

  test('has the name of the reservation, else of the client', () => {
    expect(record(new Lab(), [rawOption(12, Buffer.from('box\0rest'))])?.hostname).toBe('box');
    expect(record(new Lab(), [rawOption(12, Buffer.from('\0'))])?.hostname).toBeUndefined();
    expect(record(new Lab(), { hostName: 'box' })?.hostname).toBe('box');
    expect(record(new Lab(basic({ reservations: [{ mac: mac(1), hostname: 'rack1' }] })), { hostName: 'box' })?.hostname).toBe('rack1');
    const lab = new Lab();
    lab.context.directive = { hostname: 'told' };
    expect(record(lab, { hostName: 'box' })?.hostname).toBe('told');
  });

  test('begins anew after the client gave it up, goes on while it renews', () => {
    const lab = new Lab();
    const first = record(lab, {})!;
    lab.now += 1000;
    expect(record(lab, {})).toMatchObject({ started: first.started, renewed: lab.now });
    lab.now += 3_600_001;
    expect(record(lab, {})).toMatchObject({ address: first.address, started: lab.now, renewed: lab.now });
  });

  test('forgets the relay of a client that broadcasts without one', () => {
    const lab = new Lab();
    const agent = rawOption(82, Uint8Array.of(1, 1, 7));
    const header = { giaddr: '192.168.7.254' };
    const offer = lab.ask(discover({ xid: 1, chaddr: mac(1), ...header, options: [agent] })).reply!.message;
    const ack = lab.ask(request(offer, { ...header, options: [agent] })).reply!.message;
    const relayAgent = () => [...lab.book.all()][0]!.relayAgent;
    expect(relayAgent()).toBe('010107');
    const extend = createMessage({ xid: 2, chaddr: mac(1), ciaddr: ack.yiaddr, options: { messageType: 3 } });
    lab.ask(extend, { broadcast: false });
    expect(relayAgent()).toBe('010107');
    lab.ask(extend, { broadcast: true });
    expect(relayAgent()).toBeUndefined();
  });
});
