import { createSocket, type Socket } from 'node:dgram';
import { type ActivatedSocket, activatedSockets } from './activation.js';
import { DhcpServerError } from './errors.js';
import type { Endpoint } from './facts.js';
import { localInterfaces } from './interfaces.js';
import { portHolder } from './port-holder.js';

export interface Datagram {
  bytes: Uint8Array;
  source: { address: string; port: number };
  local: Endpoint;
  /** Whether it came in as a broadcast. */
  broadcast: boolean;
}

/** The way datagrams come and go. Give your own to run the server without sockets. */
export interface Transport {
  /** Begins to listen; resolves with where. */
  open(receive: (datagram: Datagram) => void): Promise<Endpoint[]>;
  /** Sends from the address of the endpoint. `done` tells how it went; a failure concerns this datagram only. */
  send(bytes: Uint8Array, to: { address: string; port: number }, from: Endpoint, done: (error?: Error | null) => void): void;
  close(): Promise<void>;
}

export interface ListenOptions {
  /** Listen on this address only; `127.0.0.1` for tests. Default: every interface with an address in a served subnet. */
  address?: string;
  /** Default 67; 0 takes a free port. */
  port?: number;
  /** Port of clients. Default 68. */
  clientPort?: number;
  /** Port of the PXE boot service; `false` for none. Default 4011 on port 67, else none; 0 takes a free port. */
  proxyPort?: number | false;
  /** TCP port for bulk leasequery (RFC 6926); `false` for none. Default: the port above if `leasequery` lists anybody and it is 67. */
  bulkPort?: number | false;
  /** Only these interfaces. */
  interfaces?: string[];
  /** Bound UDP sockets that were passed in, to be taken in place of all others. Default: those of systemd (`LISTEN_FDS`). */
  sockets?: readonly ActivatedSocket[];
}

interface Bound {
  socket: Socket;
  endpoint: Endpoint;
  isWildcard: boolean;
}

// Addresses are never names here: the resolver's detour through the next tick is saved for every datagram.
const lookup = (host: string, _options: unknown, callback: (error: null, address: string, family: number) => void) =>
  callback(null, host, 4);

/**
 * UDP sockets: one on the wildcard address, which alone hears broadcasts, and one per interface address, which hears
 * unicasts and sends every reply. Sockets that systemd passes in (`LISTEN_FDS`) are taken in their place.
 *
 * @param isServed whether an address is in a subnet that is served
 */
export function udpTransport(options: ListenOptions, isServed: (address: string) => boolean): Transport {
  const { port = 67, proxyPort = port === 67 ? 4011 : false } = options;
  const bound: Bound[] = [];
  const senders = new Map<Endpoint, Socket>();

  return {
    async open(receive) {
      try {
        const passed = options.sockets ?? activatedSockets();
        if (passed.length > 0) for (const each of passed) await adopt(each);
        else if (options.address !== undefined) await listenOn(options.address);
        else await listenOnInterfaces();
      } catch (error) {
        await close();
        throw error;
      }
      for (const { socket, endpoint, isWildcard } of bound) {
        senders.set(endpoint, senderAt(endpoint)!);
        socket.on('message', (bytes, { address, port }) =>
          receive({ bytes, source: { address, port }, local: endpoint, broadcast: isWildcard }),
        );
      }
      return bound.filter((each) => !each.isWildcard || each.socket === bound[0]?.socket).map((each) => each.endpoint);
    },
    send(bytes, to, from, done) {
      const socket = senders.get(from) ?? senderAt(from);
      if (socket === undefined) done(new DhcpServerError('DHCP_SERVER_SOCKET', `There is no socket on ${from.address}:${from.port}`));
      else socket.send(bytes, to.port, to.address, done);
    },
    close,
  };

  /** A broadcast from the wildcard socket fails without a default route or leaves by the wrong card: the address socket sends. */
  function senderAt({ address, port }: Endpoint): Socket | undefined {
    const at = bound.filter((each) => each.endpoint.address === address && each.endpoint.port === port);
    return (at.find((each) => !each.isWildcard) ?? at[0])?.socket;
  }

  async function listenOn(address: string): Promise<void> {
    const socket = await bind(address, port, false);
    bound.push({ socket, endpoint: { address, port: socket.address().port }, isWildcard: false });
    if (proxyPort === false) return;
    const proxy = await bind(address, proxyPort, false);
    bound.push({ socket: proxy, endpoint: { address, port: proxy.address().port }, isWildcard: false });
  }

  async function listenOnInterfaces(): Promise<void> {
    const all = localInterfaces().filter((each) => options.interfaces?.includes(each.name) ?? true);
    for (const name of options.interfaces ?? [])
      if (!all.some((each) => each.name === name))
        throw new DhcpServerError('DHCP_SERVER_NO_INTERFACE', `There is no interface ${name} with an IPv4 address`);
    const served = all.filter((each) => each.addresses.some(isServed));
    if (served.length > 1)
      throw new DhcpServerError(
        'DHCP_SERVER_SEVERAL_INTERFACES',
        `${served.map((each) => each.name).join(' and ')} all have an address in a served subnet. One program cannot tell their broadcasts apart ` +
          'without sockets bound to each device: choose one with `interfaces`, put a relay in front, or start the server from a systemd socket unit with BindToDevice=',
      );
    if (all.length === 0) throw new DhcpServerError('DHCP_SERVER_NO_INTERFACE', 'This machine has no interface with an IPv4 address');
    // Without a direct subnet all requests come from relays, as unicasts to any of the addresses.
    const main = served[0] ?? all[0]!;
    await refuseIfInUse(port);
    const first = main.addresses.find(isServed) ?? main.addresses[0]!;
    const broadcasts = await bind('0.0.0.0', port, true);
    bound.push({
      socket: broadcasts,
      endpoint: { address: first, addresses: main.addresses, port, interface: main.name },
      isWildcard: true,
    });
    for (const each of all)
      for (const address of each.addresses) {
        const endpoint = { address, addresses: [address, ...each.addresses.filter((other) => other !== address)], interface: each.name };
        bound.push({ socket: await bind(address, port, true), endpoint: { ...endpoint, port }, isWildcard: false });
        if (proxyPort !== false)
          bound.push({ socket: await bind(address, proxyPort, true), endpoint: { ...endpoint, port: proxyPort }, isWildcard: false });
      }
  }

  async function adopt({ fd, name }: ActivatedSocket): Promise<void> {
    const socket = createSocket({ type: 'udp4', lookup });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ fd }, () => resolve());
    }).catch((cause: Error) => {
      throw new DhcpServerError(
        'DHCP_SERVER_SOCKET',
        `Socket ${fd}${name === '' ? '' : ` (${name})`} passed in is no bound UDP socket: ${cause.message}`,
        { cause },
      );
    });
    socket.on('error', () => {});
    socket.setBroadcast(true);
    const own = socket.address();
    const interfaces = localInterfaces();
    const device = interfaces.find((each) => each.name === name) ?? interfaces.find((each) => each.addresses.includes(own.address));
    if (own.address !== '0.0.0.0') {
      bound.push({
        socket,
        endpoint: { address: own.address, addresses: device?.addresses ?? [own.address], port: own.port, interface: device?.name },
        isWildcard: false,
      });
      return;
    }
    const only = interfaces.filter((each) => each.addresses.some(isServed));
    const via = device ?? (only.length === 1 ? only[0] : undefined);
    if (via === undefined)
      throw new DhcpServerError(
        'DHCP_SERVER_SOCKET',
        `Socket ${fd} is bound to all addresses and named "${name}"; name it after its interface (FileDescriptorName=eth0 beside BindToDevice=eth0)`,
      );
    bound.push({
      socket,
      endpoint: {
        address: via.addresses.find(isServed) ?? via.addresses[0]!,
        addresses: via.addresses,
        port: own.port,
        interface: via.name,
      },
      isWildcard: true,
    });
  }

  async function close(): Promise<void> {
    await Promise.all(bound.splice(0).map(({ socket }) => new Promise<void>((resolve) => socket.close(() => resolve()))));
  }
}

/** Sockets that share a port (`reuseAddr`) would also share it with another server: one exclusive attempt comes first. */
async function refuseIfInUse(port: number): Promise<void> {
  const probe = await bind('0.0.0.0', port, false);
  await new Promise<void>((resolve) => probe.close(() => resolve()));
}

/** Some two thousand requests: a rack that boots at once fits; a longer queue would only be answered after its clients gave up. */
const RECEIVE_BUFFER = 1 << 20;

async function bind(address: string, port: number, reuseAddr: boolean): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr, lookup, recvBufferSize: RECEIVE_BUFFER });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, address, () => resolve());
  }).catch((cause: NodeJS.ErrnoException) => {
    socket.close();
    throw bindError(address, port, cause);
  });
  socket.removeAllListeners('error');
  // An ICMP error for one client's reply is no reason to stop.
  socket.on('error', () => {});
  socket.setBroadcast(true);
  return socket;
}

function bindError(address: string, port: number, cause: NodeJS.ErrnoException): DhcpServerError {
  if (cause.code === 'EADDRINUSE') {
    const holder = portHolder(port);
    return new DhcpServerError(
      'DHCP_SERVER_PORT_IN_USE',
      `UDP port ${port} on ${address} is in use${holder === undefined ? '' : ` by ${holder}`}; stop that program or choose another port`,
      { cause },
    );
  }
  if (cause.code === 'EACCES')
    return new DhcpServerError(
      'DHCP_SERVER_PRIVILEGE',
      `UDP port ${port} needs root, CAP_NET_BIND_SERVICE (setcap cap_net_bind_service=+ep on node) or a socket passed in by systemd`,
      { cause },
    );
  return new DhcpServerError('DHCP_SERVER_SOCKET', `Cannot listen on ${address}:${port}: ${cause.message}`, { cause });
}
