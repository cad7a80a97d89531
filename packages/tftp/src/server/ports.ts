import { TftpError } from '../error.js';
import { encodeError } from '../packet.js';
import type { DatagramPort, Endpoint } from '../types.js';
import { TokenBuckets } from './admission.js';
import type { Context } from './context.js';
import type { Reports } from './reports.js';
import type { Session } from './session.js';
import type { Sessions } from './sessions.js';

/** The ports of transfers, and what those hear who have no business there. */
export class Ports {
  readonly #context: Context;
  readonly #reports: Reports;
  readonly #sessions: Sessions;
  readonly #errorRate: TokenBuckets;

  constructor(context: Context, reports: Reports, sessions: Sessions) {
    const { errorsPerSecond } = context.limits;
    this.#context = context;
    this.#reports = reports;
    this.#sessions = sessions;
    this.#errorRate = new TokenBuckets(errorsPerSecond, errorsPerSecond, context.clock);
  }

  /**
   * Opens the port of a transfer, the listening port in single-port mode.
   *
   * @param orphan called instead of `start` when there is no port
   */
  open(session: Session, start: (port: DatagramPort) => void, orphan: () => void): void {
    const { listener, request } = session;
    const { options, transport } = this.#context;
    const use = (port: DatagramPort): void => {
      session.port = port;
      start(port);
    };
    if (options.singlePort) {
      use(new SharedPort(listener));
      return;
    }
    const { peer } = request;
    const opened = transport.open(
      listener.local,
      peer,
      (data, from) => {
        if (from === peer || (from.port === peer.port && from.address === peer.address)) this.#sessions.deliver(session, data);
        else this.#stranger(session, data, from);
      },
      options.portRange,
    );
    if (!(opened instanceof Promise)) {
      use(opened);
      return;
    }
    const port = opened.catch((error) => {
      orphan();
      throw error;
    });
    this.#sessions.wait(session, port, use, (late) => late.close());
  }

  /** ERROR to a packet that belongs to no transfer; not more of them than the limit, as they may go to a victim. */
  sendError(port: DatagramPort, to: Endpoint, error: TftpError): void {
    if (this.#errorRate.take(to.address)) port.send(encodeError(error.wireCode, error.message), to);
  }

  /** RFC 1350 section 4: the sender of a packet with the wrong TID is told, the transfer goes on. An ERROR is never answered. */
  #stranger(session: Session, data: Uint8Array, from: Endpoint): void {
    this.#reports.drop('unexpected', from, 'unknown transfer ID');
    const isError = data.length < 2 || (data[0] === 0 && data[1] === 5);
    if (!isError && session.port) this.sendError(session.port, from, new TftpError('TFTP_UNKNOWN_TID'));
  }
}

/** The listening port in the hands of one transfer, which does not close it. */
class SharedPort implements DatagramPort {
  readonly local: Endpoint;

  constructor(readonly listener: DatagramPort) {
    this.local = listener.local;
  }

  send(data: Uint8Array, to: Endpoint): void {
    this.listener.send(data, to);
  }

  sendRun(data: Uint8Array, offset: number, length: number, packetSize: number, to: Endpoint): void {
    this.listener.sendRun(data, offset, length, packetSize, to);
  }

  close(): void {}
}
