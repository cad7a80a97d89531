import { TftpError } from '../error.js';
import { type Agreement, negotiate, oackOf } from '../negotiate.js';
import { type Body, bodyOf, openedBody } from '../packets/body.js';
import { emptyRun, type PacketSource } from '../packets/source.js';
import { Outgoing } from '../transfer/outgoing.js';
import type { OptionPolicy } from '../types.js';
import type { Context } from './context.js';
import type { Ports } from './ports.js';
import type { ServerRequest } from './request.js';
import type { Session } from './session.js';
import type { Sessions } from './sessions.js';

const probe = emptyRun();

const NO_POLICY: OptionPolicy = {};

/** Read requests: what is sent, on which terms, and the start of the transfer. */
export class Reads {
  readonly #context: Context;
  readonly #sessions: Sessions;
  readonly #ports: Ports;

  constructor(context: Context, sessions: Sessions, ports: Ports) {
    this.#context = context;
    this.#sessions = sessions;
    this.#ports = ports;
  }

  /** @throws TftpError or a system error where nothing can be sent */
  begin(session: Session): void {
    const body = this.#body(session.request);
    if (!(body instanceof Promise)) {
      this.#send(session, body);
      return;
    }
    this.#sessions.wait(
      session,
      body,
      (ready) => this.#send(session, ready),
      (late) => late.close(),
    );
  }

  /** What to send: virtual files, then the handler, then the root folder. */
  #body(request: ServerRequest): Body | Promise<Body> {
    const { files, handler } = this.#context.options;
    const virtual = files && Object.hasOwn(files, request.path) ? files[request.path]! : undefined;
    const result = virtual === undefined ? handler?.(request) : typeof virtual === 'function' ? virtual(request) : virtual;
    if (result instanceof Promise)
      return result.then((value) => (value === undefined ? this.#fromRoot(request) : this.#bodyOf(value, request)));
    return result === undefined ? this.#fromRoot(request) : this.#bodyOf(result, request);
  }

  #bodyOf(result: Parameters<typeof bodyOf>[0], request: ServerRequest): Body | Promise<Body> {
    return bodyOf(result, request.mode, this.#context.chunks, this.#context.files);
  }

  #fromRoot({ path, mode, latin1 }: ServerRequest): Body | Promise<Body> {
    const { root, files, chunks } = this.#context;
    if (!root) throw new TftpError('TFTP_NOT_FOUND');
    return openedBody(
      files.open(latin1 ? `\0${path}` : path, root.named(path, latin1), () => root.open(path, latin1)),
      mode,
      chunks,
    );
  }

  /** The terms of the transfer. @throws TftpError where there can be none */
  #agree({ request, listener }: Session, size: number | undefined): Agreement {
    const { options, transport } = this.#context;
    const policy: OptionPolicy = (typeof options.options === 'function' ? options.options(request) : options.options) ?? NO_POLICY;
    const agreement = negotiate(request.options, {
      type: 'read',
      policy,
      family: request.peer.family,
      mtu: transport.mtu?.(listener.local.address),
      size,
    });
    const countable =
      policy.rollover !== 'none' ||
      size === undefined ||
      size < 65_535 * agreement.blockSize ||
      agreement.granted.some(([name]) => name === 'rollover');
    if (!countable) throw new TftpError('TFTP_DISK_FULL', 'File has too many blocks');
    return agreement;
  }

  #send(session: Session, body: Body): void {
    let agreement: Agreement;
    try {
      agreement = this.#agree(session, body.size);
    } catch (error) {
      body.close();
      throw error;
    }
    const source = body.packets(agreement);
    // The first block must be readable before anything is promised: an error can still be told then.
    if (source.locate(1, probe)) this.#start(session, source, agreement);
    else this.#startWhenReadable(session, source, agreement);
  }

  #startWhenReadable(session: Session, source: PacketSource, agreement: Agreement): void {
    const ready = new Promise<void>((resolve, reject) => {
      source.onReady = resolve;
      source.onError = (error) => {
        source.close();
        reject(error);
      };
    });
    this.#sessions.wait(
      session,
      ready,
      () => this.#start(session, source, agreement),
      () => source.close(),
    );
    const { cancel } = session;
    session.cancel = (error) => {
      cancel?.(error);
      source.close();
    };
  }

  #start(session: Session, source: PacketSource, agreement: Agreement): void {
    const { times, wheel, clock, limits } = this.#context;
    const sessions = this.#sessions;
    this.#ports.open(
      session,
      (port) => {
        sessions.answered(session);
        const transfer = new Outgoing({
          port,
          peer: session.request.peer,
          source,
          agreement,
          times,
          opening: oackOf(agreement),
          wheel,
          clock,
          bytesPerSecond: limits.bytesPerSecond,
          mayRepeat: () => sessions.mayRepeat(session),
          onConfirmed: () => sessions.confirmed(session),
          onEnd: (outcome, error) => {
            sessions.finish(session, outcome, error);
            sessions.release(session);
          },
        });
        session.transfer = transfer;
        transfer.start();
      },
      () => source.close(),
    );
  }
}
