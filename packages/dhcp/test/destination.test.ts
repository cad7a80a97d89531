import { ack, bootServerDestination, createMessage, destination, discover, inform, nak, offer } from '@pxekit/dhcp';
import { expect, test } from 'vitest';

const chaddr = '52:54:00:77:00:01';
const server = { serverIdentifier: '10.0.0.1' };
const open = { xid: 1, chaddr };
const yiaddr = '10.0.0.50';
const broadcast = { via: 'broadcast', address: '255.255.255.255', port: 68 };

test.each([
  [
    'a client without address, ready for unicast',
    discover(open),
    'offer',
    { via: 'hardware', address: yiaddr, port: 68, hardware: chaddr },
  ],
  ['a client that asks for broadcast', discover({ ...open, flags: 0x8000 }), 'offer', broadcast],
  ['a client without hardware address', { ...discover(open), chaddr: '', hlen: 0 }, 'offer', broadcast],
  ['a client that has its address', { ...discover(open), ciaddr: '10.0.0.9' }, 'ack', { via: 'address', address: '10.0.0.9', port: 68 }],
  ['an INFORM', inform({ ...open, ciaddr: '10.0.0.9' }), 'ack', { via: 'address', address: '10.0.0.9', port: 68 }],
  ['an INFORM without ciaddr', inform({ ...open, ciaddr: '0.0.0.0' }), 'ack', { via: 'address', address: '10.0.0.77', port: 68 }],
  ['a NAK', { ...discover(open), ciaddr: '10.0.0.9' }, 'nak', broadcast],
  ['a relay', discover({ ...open, giaddr: '10.1.0.1', flags: 0x8000 }), 'offer', { via: 'relay', address: '10.1.0.1', port: 67 }],
  ['a NAK through a relay', discover({ ...open, giaddr: '10.1.0.1' }), 'nak', { via: 'relay', address: '10.1.0.1', port: 67 }],
  [
    'a relay with its own port (RFC 8357)',
    discover({ ...open, giaddr: '10.1.0.1', options: { relayAgentInformation: { relaySourcePort: true } } }),
    'offer',
    { via: 'relay', address: '10.1.0.1', port: 3000 },
  ],
] as const)('%s', (_name, request, kind, expected) => {
  const reply =
    kind === 'nak' ? nak(request, server) : kind === 'ack' ? ack(request, { ...server, yiaddr }) : offer(request, { ...server, yiaddr });
  expect(destination(request, reply, { address: '10.0.0.77', port: 3000 })).toEqual(expected);
});

test('a boot server answers the port that asked', () => {
  const request = createMessage({ chaddr, ciaddr: '10.0.0.50' });
  expect(bootServerDestination(request, { address: '10.0.0.50', port: 4011 })).toEqual({
    via: 'address',
    address: '10.0.0.50',
    port: 4011,
  });
  expect(bootServerDestination(createMessage(), { address: '10.0.0.51', port: 68 })).toMatchObject({ address: '10.0.0.51', port: 68 });
});
