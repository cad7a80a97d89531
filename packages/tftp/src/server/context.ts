import type { ChunkCache } from '../packets/cache.js';
import type { FileCache } from '../packets/files.js';
import type { Root } from '../paths.js';
import type { Retransmission } from '../round-trip.js';
import type { TimerWheel } from '../timer-wheel.js';
import type { Clock, Limits, TftpServerOptions, Transport } from '../types.js';

/** What every part of a server works with. */
export interface Context {
  readonly options: TftpServerOptions;
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly transport: Transport;
  readonly limits: Required<Limits>;
  readonly times: Retransmission;
  readonly root: Root | undefined;
  readonly chunks: ChunkCache;
  readonly files: FileCache;
}
