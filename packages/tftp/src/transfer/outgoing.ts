import { errorFromPeer, TftpError, toTftpError } from '../error.js';
import type { Agreement } from '../negotiate.js';
import { encodeError, HEADER_LENGTH, OPCODES } from '../packet.js';
import { emptyRun, type PacketSource } from '../packets/source.js';
import type { Retransmission } from '../round-trip.js';
import { SEND, type SendAction, Sender } from '../sender.js';
import type { Timed, TimerEntry, TimerWheel } from '../timer-wheel.js';
import type { Clock, DatagramPort, Endpoint, Outcome } from '../types.js';
import type { Figures } from './tally.js';

export interface OutgoingOptions {
  readonly port: DatagramPort;
  readonly peer: Endpoint;
  readonly source: PacketSource;
  readonly agreement: Agreement;
  readonly times: Retransmission;
  /** The packet that must be acknowledged before DATA 1; none: DATA 1 is the first answer. */
  readonly opening: Uint8Array | undefined;
  /** The peer has answered already. Default false. */
  readonly confirmed?: boolean;
  readonly wheel: TimerWheel;
  readonly clock: Clock;
  readonly bytesPerSecond: number;
  /** Asked before the first answer is repeated to a peer that never answered. */
  readonly mayRepeat?: () => boolean;
  readonly onConfirmed?: () => void;
  readonly onEnd: (outcome: Outcome, error?: TftpError) => void;
}

const run = emptyRun();

/** The sending side of one transfer on its port: joins the `Sender` machine to packets, port and timer. */
export class Outgoing implements Timed {
  readonly #options: OutgoingOptions;
  readonly #sender: Sender;
  readonly #timer: TimerEntry;
  readonly #packetSize: number;
  #retryAt = Number.POSITIVE_INFINITY;
  #budget = 0;
  #budgetAt = 0;
  #ended = false;

  constructor(options: OutgoingOptions) {
    this.#options = options;
    const { agreement, source, times } = options;
    this.#packetSize = agreement.blockSize + HEADER_LENGTH;
    this.#sender = new Sender({
      windowSize: agreement.windowSize,
      rollover: agreement.rollover,
      times,
      cap: agreement.cap,
      opening: options.opening !== undefined,
      confirmed: options.confirmed,
    });
    this.#timer = options.wheel.entry(this);
    source.onReady = () => this.#act(SEND.blocks, options.clock.now());
    source.onError = (error) => this.fail(toTftpError(error));
  }

  start(): void {
    const now = this.#options.clock.now();
    this.#budgetAt = now;
    this.#act(this.#sender.start(now), now);
  }

  get deadline(): number {
    return Math.min(this.#sender.deadline, this.#retryAt);
  }

  get confirmed(): boolean {
    return this.#sender.confirmed;
  }

  /** Everything was sent: the transfer only waits for the last ACK. */
  get lastAckMissing(): boolean {
    return !this.#ended && this.#sender.onlyLastAckMissing;
  }

  get figures(): Figures {
    const { agreement, source } = this.#options;
    const blocks = Math.max(0, this.#sender.base - 1);
    return { agreement, size: source.size, bytes: source.bytesUpTo(blocks), blocks, retransmissions: this.#sender.retransmissions };
  }

  /** A datagram of the peer. */
  receive(data: Uint8Array): void {
    if (this.#ended || data.length < 4 || data[0] !== 0) return;
    const opcode = data[1];
    if (opcode === OPCODES.ack) {
      const now = this.#options.clock.now();
      const confirmed = this.#sender.confirmed;
      this.#act(this.#sender.ack((data[2]! << 8) | data[3]!, now), now);
      if (!confirmed && this.#sender.confirmed) this.#options.onConfirmed?.();
    } else if (opcode === OPCODES.error) {
      this.#abortedByPeer(data);
    }
  }

  #abortedByPeer(data: Uint8Array): void {
    const code = (data[2]! << 8) | data[3]!;
    const end = data.indexOf(0, 4);
    const message = Buffer.from(data.subarray(4, end === -1 ? Math.min(data.length, 132) : end)).toString('latin1');
    const probe = code === 8 && this.#sender.base <= 1;
    this.#end(probe ? 'probe' : 'aborted', errorFromPeer(code, message));
  }

  /** The peer repeats its request: it has not had the first answer. */
  repeatOpening(): void {
    if (this.#ended || this.#sender.confirmed) return;
    const { opening, port, peer } = this.#options;
    this.#sender.repeated();
    if (opening) port.send(opening, peer);
    else this.#sendAgain();
  }

  #sendAgain(): void {
    const { source, port, peer } = this.#options;
    if (this.#sender.high > 1 && source.locate(1, run)) {
      port.send(run.data.subarray(run.offset, run.offset + Math.min(this.#packetSize, run.data.length - run.offset)), peer);
    }
  }

  expired(now: number): void {
    if (this.#ended) return;
    if (this.#retryAt <= now) {
      this.#retryAt = Number.POSITIVE_INFINITY;
      this.#act(SEND.blocks, now);
    }
    if (this.#sender.deadline > now) return;
    const action = this.#sender.timeout(now);
    const silent = !this.#sender.confirmed && action !== SEND.giveUp && this.#options.mayRepeat?.() === false;
    if (silent) return;
    this.#act(action, now);
  }

  #act(action: SendAction, now: number): void {
    if (this.#ended) return;
    switch (action) {
      case SEND.nothing:
        return;
      case SEND.blocks:
        this.#pump(now);
        break;
      case SEND.opening:
        this.#options.port.send(this.#options.opening!, this.#options.peer);
        break;
      case SEND.done:
        this.#end('complete');
        return;
      case SEND.giveUp:
        this.#silent();
        return;
    }
    this.#options.wheel.update(this.#timer);
  }

  #silent(): void {
    if (this.#sender.confirmed && this.#sender.onlyLastAckMissing) this.#end('unconfirmed');
    else if (this.#sender.confirmed) this.fail(new TftpError('TFTP_TIMEOUT'), 'timeout');
    else this.#end('timeout', new TftpError('TFTP_TIMEOUT'));
  }

  /** Sends what the window allows and the source has ready. */
  #pump(now: number): void {
    const sender = this.#sender;
    const { source, port, peer } = this.#options;
    sender.last = source.last;
    source.release(sender.base);
    let limit = sender.limit;
    while (sender.next < limit && !this.#ended) {
      const allowed = this.#allowed(now);
      if (allowed === 0 || !source.locate(sender.next, run)) break;
      sender.last = source.last;
      limit = sender.limit;
      const count = Math.min(limit - sender.next, run.packets, allowed);
      if (count <= 0) break;
      const until = sender.next + count;
      const length = until > sender.last ? this.#lengthToEnd(sender.next, count) : count * this.#packetSize;
      port.sendRun(run.data, run.offset, length, this.#packetSize, peer);
      sender.sent(until, now);
      this.#budget -= length;
    }
  }

  /** The length of a run that ends with the last block. */
  #lengthToEnd(first: number, count: number): number {
    const { source } = this.#options;
    return source.bytesUpTo(first + count - 1) - (first - 1) * (this.#packetSize - HEADER_LENGTH) + count * HEADER_LENGTH;
  }

  /** How many packets the rate limit allows now; when none, when to go on. */
  #allowed(now: number): number {
    const rate = this.#options.bytesPerSecond;
    if (rate === Number.POSITIVE_INFINITY) return rate;
    const most = Math.max(rate / 20, this.#packetSize);
    this.#budget = Math.min(most, this.#budget + ((now - this.#budgetAt) * rate) / 1000);
    this.#budgetAt = now;
    const packets = Math.floor(this.#budget / this.#packetSize);
    if (packets === 0) this.#retryAt = now + ((this.#packetSize - this.#budget) * 1000) / rate;
    return packets;
  }

  /** Ends the transfer with an ERROR to the peer. */
  fail(error: TftpError, outcome: Outcome = 'failed'): void {
    if (this.#ended) return;
    this.#options.port.send(encodeError(error.wireCode, error.message), this.#options.peer);
    this.#end(outcome, error);
  }

  /** Ends the transfer without a word. */
  drop(outcome: Outcome): void {
    this.#end(outcome);
  }

  #end(outcome: Outcome, error?: TftpError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.wheel.remove(this.#timer);
    this.#options.source.close();
    this.#options.onEnd(outcome, error);
  }
}
