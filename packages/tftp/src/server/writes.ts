import { setImmediate } from 'node:timers/promises';
import { TftpError } from '../error.js';
import { type Agreement, negotiate, oackOf } from '../negotiate.js';
import { encodeAck } from '../packet.js';
import { Incoming } from '../transfer/incoming.js';
import type { OptionPolicy, UploadOptions, UploadSink } from '../types.js';
import type { Context } from './context.js';
import type { Ports } from './ports.js';
import type { ServerRequest } from './request.js';
import type { Session } from './session.js';
import type { Sessions } from './sessions.js';
import { FileSink, makeFolder, UPLOAD_DEFAULTS } from './uploads.js';

const NO_POLICY: OptionPolicy = {};

/** Turns of the event loop: what came in before the end of the first is read in the second. */
const TURNS_TO_READ = 2;

/** Write requests: where the bytes go, on which terms, and the start of the transfer. */
export class Writes {
  readonly #context: Context;
  readonly #sessions: Sessions;
  readonly #ports: Ports;
  /** Uploads into the root folder; `undefined` when they are off. */
  readonly #uploads: Required<UploadOptions> | undefined;
  /** The files that are being written; with a promise: the upload was aborted, and soon they are free. */
  readonly #targets = new Map<string, Promise<void> | undefined>();

  constructor(context: Context, sessions: Sessions, ports: Ports) {
    const { uploads } = context.options;
    this.#context = context;
    this.#sessions = sessions;
    this.#ports = ports;
    this.#uploads = uploads ? { ...UPLOAD_DEFAULTS, ...(uploads === true ? {} : uploads) } : undefined;
  }

  begin(session: Session): void {
    this.#sessions.wait(
      session,
      this.#sink(session.request),
      (sink) => this.#receive(session, sink),
      (late) => void late.abort(new TftpError('TFTP_ABORTED')),
    );
  }

  /** Where the bytes go: the write handler, then the root folder. */
  async #sink(request: ServerRequest): Promise<UploadSink> {
    const { options, root } = this.#context;
    const result = await options.writeHandler?.(request);
    if (result instanceof Error) throw result;
    if (result && !('file' in result)) return result;
    const uploads = this.#uploads ?? (result ? UPLOAD_DEFAULTS : undefined);
    if (!uploads || (!result && !root)) throw new TftpError('TFTP_ACCESS_VIOLATION');
    const target = result ? result.file : await root!.uploadTarget(request.path, uploads.createFolders ? makeFolder : undefined);
    return this.#file(target, request, uploads);
  }

  async #file(target: string, request: ServerRequest, uploads: Required<UploadOptions>): Promise<UploadSink> {
    // The ERROR of the peer that frees the file may wait in another socket.
    for (let turn = 0; turn < TURNS_TO_READ && this.#targets.has(target); turn += 1) await setImmediate();
    await this.#targets.get(target)?.catch(() => {});
    if (this.#targets.has(target)) throw new TftpError('TFTP_BUSY', 'File is being uploaded');
    this.#targets.set(target, undefined);
    const free = (): void => void this.#targets.delete(target);
    try {
      const sink = await FileSink.open(target, request.size, uploads, request.id);
      return {
        write: (chunk) => sink.write(chunk),
        commit: () => sink.commit().finally(free),
        abort: () => {
          const aborted = sink.abort().finally(free);
          this.#targets.set(target, aborted);
          return aborted;
        },
      };
    } catch (error) {
      free();
      throw error;
    }
  }

  #agree({ request, listener }: Session): Agreement {
    const { options, transport } = this.#context;
    return negotiate(request.options, {
      type: 'write',
      policy: (typeof options.options === 'function' ? options.options(request) : options.options) ?? NO_POLICY,
      family: request.peer.family,
      mtu: transport.mtu?.(listener.local.address),
      size: undefined,
    });
  }

  #receive(session: Session, sink: UploadSink): void {
    const abandon = (): void => void Promise.resolve(sink.abort(new TftpError('TFTP_ABORTED'))).catch(() => {});
    let agreement: Agreement;
    try {
      agreement = this.#agree(session);
    } catch (error) {
      abandon();
      throw error;
    }
    const { request } = session;
    const { times, wheel, clock } = this.#context;
    const { maxBytes, sizeMismatch } = this.#uploads ?? UPLOAD_DEFAULTS;
    const sessions = this.#sessions;
    this.#ports.open(
      session,
      (port) => {
        sessions.answered(session);
        const transfer = new Incoming({
          port,
          peer: request.peer,
          sink,
          agreement,
          times,
          mode: request.mode,
          opening: oackOf(agreement) ?? encodeAck(0),
          announced: request.size,
          maxBytes,
          sizeMismatch,
          wheel,
          clock,
          mayRepeat: () => sessions.mayRepeat(session),
          onConfirmed: () => sessions.confirmed(session),
          onEnd: (outcome, error) => sessions.finish(session, outcome, error),
          onReleased: () => sessions.release(session),
        });
        session.transfer = transfer;
        transfer.start();
      },
      abandon,
    );
  }
}
