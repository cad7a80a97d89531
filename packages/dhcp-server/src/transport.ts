import { openUdpSocket, type Peer, type UdpSocket, type UdpSocketOptions } from '@pxekit/datagram';
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

interface Place {
  endpoint: Endpoint;
  isWildcard: boolean;
}

interface Bound extends Place {
  socket: UdpSocket;
}

/**
 * UDP sockets: one on the wildcard address, which alone hears broadcasts, and one per interface address, which hears
 * unicasts and sends every reply. Sockets that systemd passes in (`LISTEN_FDS`) are taken in their place.
 *
 * @param isServed whether an address is in a subnet that is served
 */
export function udpTransport(options: ListenOptions, isServed: (address: string) => boolean): Transport {
  const { port = 67, proxyPort = port === 67 ? 4011 : false } = options;
  const bound: Bound[] = [];
  const senders = new Map<Endpoint, UdpSocket>();
  /** Set when all sockets are open: nothing is answered by half a server. */
  let deliver: ((datagram: Datagram) => void) | undefined;

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
      for (const { endpoint } of bound) senders.set(endpoint, senderAt(endpoint)!);
      deliver = receive;
      return bound.filter((each) => !each.isWildcard || each.socket === bound[0]?.socket).map((each) => each.endpoint);
    },
    send(bytes, to, from, done) {
      const socket = senders.get(from) ?? senderAt(from);
      if (socket === undefined) done(new DhcpServerError('DHCP_SERVER_SOCKET', `There is no socket on ${from.address}:${from.port}`));
      else socket.send(bytes, to, done);
    },
    close,
  };

  /** A broadcast from the wildcard socket fails without a default route or leaves by the wrong card: the address socket sends. */
  function senderAt({ address, port }: Endpoint): UdpSocket | undefined {
    const at = bound.filter((each) => each.endpoint.address === address && each.endpoint.port === port);
    return (at.find((each) => !each.isWildcard) ?? at[0])?.socket;
  }

  async function listenOn(address: string): Promise<void> {
    const place = (local: Peer): Place => ({ endpoint: { address, port: local.port }, isWildcard: false });
    await bind({ address, port }, place);
    if (proxyPort !== false) await bind({ address, port: proxyPort }, place);
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
    const broadcasts = { address: first, addresses: main.addresses, port, interface: main.name };
    await bind({ port, reuseAddress: true }, () => ({ endpoint: broadcasts, isWildcard: true }));
    for (const each of all)
      for (const address of each.addresses) {
        const endpoint = { address, addresses: [address, ...each.addresses.filter((other) => other !== address)], interface: each.name };
        // Only the DHCP port is shared, with the wildcard socket: another boot service on port 4011 is to be noticed.
        for (const at of proxyPort === false ? [port] : [port, proxyPort])
          await bind({ address, port: at, reuseAddress: at === port }, () => ({ endpoint: { ...endpoint, port: at }, isWildcard: false }));
      }
  }

  async function adopt({ fd, name }: ActivatedSocket): Promise<void> {
    const socket = `Socket ${fd}${name === '' ? '' : ` (${name})`}`;
    await open(
      { fd },
      (own) => {
        const interfaces = localInterfaces();
        const device = interfaces.find((each) => each.name === name) ?? interfaces.find((each) => each.addresses.includes(own.address));
        if (own.address !== '0.0.0.0') {
          const endpoint = { address: own.address, addresses: device?.addresses ?? [own.address], port: own.port, interface: device?.name };
          return { endpoint, isWildcard: false };
        }
        const only = interfaces.filter((each) => each.addresses.some(isServed));
        const via = device ?? (only.length === 1 ? only[0] : undefined);
        if (via === undefined)
          throw new DhcpServerError(
            'DHCP_SERVER_SOCKET',
            `Socket ${fd} is bound to all addresses and named "${name}"; name it after its interface (FileDescriptorName=eth0 beside BindToDevice=eth0)`,
          );
        const address = via.addresses.find(isServed) ?? via.addresses[0]!;
        return { endpoint: { address, addresses: via.addresses, port: own.port, interface: via.name }, isWildcard: true };
      },
      (cause) => new DhcpServerError('DHCP_SERVER_SOCKET', `${socket} passed in is no bound UDP socket: ${cause.message}`, { cause }),
    );
  }

  async function bind(at: { address?: string; port: number; reuseAddress?: boolean }, place: (local: Peer) => Place): Promise<void> {
    await open({ ...at, receiveBuffer: RECEIVE_BUFFER }, place, (cause) => bindError(at.address ?? '0.0.0.0', at.port, cause));
  }

  /** @param place where the socket stands among the others, known when it is bound */
  async function open(
    how: UdpSocketOptions,
    place: (local: Peer) => Place,
    toError: (cause: NodeJS.ErrnoException) => DhcpServerError,
  ): Promise<void> {
    let at: Place;
    const socket = await openUdpSocket(how, (bytes, source) =>
      deliver?.({ bytes, source, local: at.endpoint, broadcast: at.isWildcard }),
    ).catch((cause: Error) => {
      throw toError(cause);
    });
    try {
      at = place(socket.local);
    } catch (error) {
      await socket.close();
      throw error;
    }
    bound.push({ socket, ...at });
  }

  async function close(): Promise<void> {
    deliver = undefined;
    await Promise.all(bound.splice(0).map(({ socket }) => socket.close()));
  }
}

/** Sockets that share a port (`reuseAddress`) would also share it with another server: one exclusive attempt comes first. */
async function refuseIfInUse(port: number): Promise<void> {
  const probe = await openUdpSocket({ port }, () => {}).catch((cause: Error) => {
    throw bindError('0.0.0.0', port, cause);
  });
  await probe.close();
}

/** Some two thousand requests: a rack that boots at once fits; a longer queue would only be answered after its clients gave up. */
const RECEIVE_BUFFER = 1 << 20;

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
