import type { TftpError } from '../error.js';
import type { Agreement } from '../negotiate.js';
import type { Endpoint, Outcome, TransferMode, TransferRecord } from '../types.js';

/** What is known of a transfer from its request. */
export interface Subject {
  readonly id: number;
  readonly type: 'read' | 'write';
  readonly peer: Endpoint;
  readonly local: Endpoint;
  readonly filename: string;
  readonly path: string;
  readonly mode: TransferMode;
  readonly asked: ReadonlyMap<string, string>;
}

/** The figures of a transfer while it runs. */
export interface Figures {
  readonly agreement: Pick<Agreement, 'blockSize' | 'windowSize' | 'granted'>;
  readonly size: number | undefined;
  readonly bytes: number;
  readonly blocks: number;
  readonly retransmissions: number;
  readonly sizeMismatch?: boolean;
}

export const NOTHING: Figures = {
  agreement: { blockSize: 512, windowSize: 1, granted: [] },
  size: undefined,
  bytes: 0,
  blocks: 0,
  retransmissions: 0,
};

export function recordOf(subject: Subject, figures: Figures, duration: number, outcome?: Outcome, error?: TftpError): TransferRecord {
  return {
    id: subject.id,
    type: subject.type,
    peer: subject.peer,
    local: subject.local,
    filename: subject.filename,
    path: subject.path,
    mode: subject.mode,
    asked: Object.fromEntries(subject.asked),
    granted: Object.fromEntries(figures.agreement.granted),
    blockSize: figures.agreement.blockSize,
    windowSize: figures.agreement.windowSize,
    size: figures.size,
    bytes: figures.bytes,
    blocks: figures.blocks,
    retransmissions: figures.retransmissions,
    duration,
    rate: duration > 0 ? (figures.bytes / duration) * 1000 : 0,
    outcome,
    error,
    sizeMismatch: figures.sizeMismatch ?? false,
  };
}
