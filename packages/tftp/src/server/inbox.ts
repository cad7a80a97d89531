import { TftpError } from '../error.js';
import { decodePacket, type RequestPacket } from '../packet.js';
import type { DatagramPort, Endpoint } from '../types.js';
import { TokenBuckets } from './admission.js';
import type { Context } from './context.js';
import type { Ports } from './ports.js';
import type { Reports } from './reports.js';
import type { Sessions } from './sessions.js';

/** Sorts the datagrams that come to the listening ports: requests, packets of single-port transfers, noise. */
export class Inbox {
  /** The ports that are listened on: a request from one of them is an echo. */
  listeners: readonly DatagramPort[] = [];
  /** New requests are taken. */
  open = true;
  readonly #context: Context;
  readonly #reports: Reports;
  readonly #sessions: Sessions;
  readonly #ports: Ports;
  readonly #requestRate: TokenBuckets;

  constructor(context: Context, reports: Reports, sessions: Sessions, ports: Ports) {
    const { requestsPerSecond } = context.limits;
    this.#context = context;
    this.#reports = reports;
    this.#sessions = sessions;
    this.#ports = ports;
    this.#requestRate = new TokenBuckets(requestsPerSecond, 2 * requestsPerSecond, context.clock);
  }

  /** @param at the listening port on the address that the datagram was sent to, where that is known */
  receive(data: Uint8Array, from: Endpoint, listener: DatagramPort, at = listener): void {
    const opcode = data.length < 2 ? -1 : (data[0]! << 8) | data[1]!;
    if (opcode === 1 || opcode === 2) {
      this.#request(data, from, listener, at);
      return;
    }
    if (this.#context.options.singlePort) {
      // The address may not have been known when the request came: it lay in a socket that was passed in, or was a multicast.
      const session = this.#sessions.awaiting(from, at.local.address) ?? this.#sessions.awaiting(from, listener.local.address);
      if (session?.transfer) {
        this.#sessions.deliver(session, data);
        return;
      }
    }
    if (opcode >= 3 && opcode <= 6) this.#reports.drop('unexpected', from, `opcode ${opcode} without a transfer`);
    else this.#reports.drop('malformed', from, opcode === -1 ? `${data.length} bytes` : `opcode ${opcode}`);
  }

  #request(data: Uint8Array, from: Endpoint, listener: DatagramPort, at: DatagramPort): void {
    if (from.port === 0 || this.#isOwn(from, at)) {
      this.#reports.drop('source', from, 'source port 0 or our own');
      return;
    }
    if (!this.open) {
      this.#reports.drop('shutdown', from, 'the server stops');
      return;
    }
    this.#sessions.makeRoom(from.address);
    const running = this.#sessions.of(from, at.local.address) ?? this.#sessions.of(from, listener.local.address);
    const repeated = running?.repeats(data) === true;
    if (running && repeated && (!running.transfer?.confirmed || running.request.type === 'write' || running.replaces)) {
      running.transfer?.repeatOpening();
      return;
    }
    const packet = decodePacket(data);
    if (packet.type === 'malformed') {
      this.#reports.drop('malformed', from, packet.reason);
      this.#ports.sendError(at, from, new TftpError('TFTP_ILLEGAL_OPERATION', 'Malformed request'));
      return;
    }
    if (running && !repeated) this.#sessions.supersede(running);
    if (!this.#requestRate.take(from.address)) {
      this.#reports.drop('rate', from, 'too many requests');
      return;
    }
    this.#sessions.accept(packet as RequestPacket, data.slice(), from, at);
  }

  #isOwn(from: Endpoint, at: DatagramPort): boolean {
    return isSame(at.local, from) || this.listeners.some(({ local }) => isSame(local, from));
  }
}

function isSame(one: Endpoint, other: Endpoint): boolean {
  return one.port === other.port && one.address === other.address;
}
