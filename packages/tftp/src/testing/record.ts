import { decodePacket, summarize } from '../packet.js';
import { systemClock } from '../timer-wheel.js';
import type { Clock, DatagramPort, Endpoint, Receive, Transport } from '../types.js';
import { pcapOf } from './pcap.js';

export interface RecordedDatagram {
  /** Milliseconds of the clock. */
  readonly at: number;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly data: Uint8Array;
}

/** A transport that remembers what went through it. */
export interface Recording {
  readonly transport: Transport;
  readonly datagrams: readonly RecordedDatagram[];
  /** One line per datagram: time since the first, ports, packet. */
  text(): string;
  /** A capture file for tcpdump and Wireshark. */
  pcap(): Uint8Array;
}

/** Records the packet exchange of a server or client: give it `recording.transport`. */
export function record(transport: Transport, clock: Clock = systemClock): Recording {
  const datagrams: RecordedDatagram[] = [];
  const note = (from: Endpoint, to: Endpoint, data: Uint8Array): void =>
    void datagrams.push({ at: clock.now(), from, to, data: data.slice() });

  function wrap(port: DatagramPort): DatagramPort {
    return {
      local: port.local,
      send(data, to) {
        note(port.local, to, data);
        port.send(data, to);
      },
      sendRun(data, offset, length, packetSize, to) {
        const end = offset + length;
        for (let at = offset; at < end; at += packetSize) note(port.local, to, data.subarray(at, Math.min(at + packetSize, end)));
        port.sendRun(data, offset, length, packetSize, to);
      },
      close: () => port.close(),
      unref: () => port.unref?.(),
    };
  }

  function listen(receive: Receive, local: () => Endpoint | undefined): Receive {
    return (data, from, at) => {
      const to = at?.local ?? local();
      if (to) note({ address: from.address, port: from.port, family: from.family }, to, data);
      receive(data, from, at && wrap(at));
    };
  }

  return {
    datagrams,
    transport: {
      ...transport,
      async bind(local, receive, onError) {
        let bound: Endpoint | undefined;
        const port = await transport.bind(
          local,
          listen(receive, () => bound),
          onError,
        );
        bound = port.local;
        return wrap(port);
      },
      open(listener, peer, receive, range) {
        let bound: Endpoint | undefined;
        const opened = transport.open(
          listener,
          peer,
          listen(receive, () => bound),
          range,
        );
        const use = (port: DatagramPort): DatagramPort => {
          bound = port.local;
          return wrap(port);
        };
        return opened instanceof Promise ? opened.then(use) : use(opened);
      },
      close: () => transport.close(),
      ...(transport.mtu ? { mtu: (address: string) => transport.mtu!(address) } : {}),
    },
    text() {
      const start = datagrams[0]?.at ?? 0;
      return datagrams
        .map(
          ({ at, from, to, data }) =>
            `${(at - start).toFixed(1).padStart(9)} ms  ${show(from)} > ${show(to)}  ${summarize(decodePacket(data))}\n`,
        )
        .join('');
    },
    pcap: () => pcapOf(datagrams),
  };
}

function show({ address, port, family }: Endpoint): string {
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
}
