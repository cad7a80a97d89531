import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';
import { decode, discover, encode, get } from '@pxekit/dhcp';
import { localAddresses } from '../address.js';
import { DOCTOR_MAC } from '../core.js';
import { network, parseIpv4 } from '../ipv4.js';
import type { Site } from '../site.js';
import { type DoctorItem, fail, ok, warn } from './item.js';

/** Asks for an address and listens who offers one; needs port 68. Nothing is taken. */
export async function checkOtherServers(site: Site, listen: number): Promise<DoctorItem> {
  const id = 'dhcp/other-servers';
  const { dhcp } = site.config;
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  const offers = new Map<string, string>();
  const xid = Math.floor(Math.random() * 2 ** 32);
  try {
    await new Promise<void>((done, refuse) => {
      socket.once('error', refuse);
      socket.bind(68, '0.0.0.0', done);
    });
  } catch {
    socket.close();
    return warn(id, 'port 68 cannot be opened, so nobody was asked', 'Run `pxekit doctor` as root to look for other DHCP servers.');
  }
  socket.setBroadcast(true);
  socket.on('message', (bytes, peer) => {
    try {
      const { message } = decode(bytes);
      if (message.xid === xid && message.op === 2) offers.set(get(message, 'serverIdentifier') ?? peer.address, message.yiaddr);
    } catch {}
  });
  const message = discover({ chaddr: DOCTOR_MAC, xid, flags: 0x8000 });
  const card = localAddresses().find(({ address }) => address === site.address);
  const { last } = network(parseIpv4(site.address) ?? 0, card?.prefix ?? 24);
  const broadcast = isIP(site.address) ? [24, 16, 8, 0].map((shift) => (last >>> shift) & 255).join('.') : '255.255.255.255';
  await new Promise<void>((done) => void socket.send(encode(message), 67, broadcast, () => done()));
  await new Promise((done) => setTimeout(done, listen));
  socket.close();
  offers.delete(site.address);
  const others = [...offers].map(([server, address]) => `${server} (offers ${address})`).join(', ');
  if (others === '')
    return dhcp !== false && dhcp.mode === 'proxy'
      ? warn(id, 'no other DHCP server answered', '`dhcp.mode: proxy` needs one beside it.')
      : ok(id, 'no other DHCP server answers');
  return dhcp !== false && dhcp.mode === 'proxy'
    ? ok(id, `addresses come from ${others}`)
    : fail(id, `another DHCP server answers: ${others}`, 'Stop one of the two, or run beside it with `dhcp: { mode: proxy }`.');
}
