import { messageTypeName } from '@pxekit/dhcp';
import type { DropReason } from './decision.js';

/** What happened since the start. */
export interface Counters {
  /** Datagrams that came in. */
  received: number;
  /** Datagrams that were sent. */
  sent: number;
  /** Requests by message type: `DISCOVER`, `BOOTP`, … */
  requests: Record<string, number>;
  /** Replies by message type. */
  replies: Record<string, number>;
  /** Requests without a reply, by reason. */
  drops: Partial<Record<DropReason, number>>;
  /** Replies that the network refused. */
  sendErrors: number;
  /** Leases and changes of leases that were written, and the commits they shared. */
  stored: number;
  commits: number;
}

export function newCounters(): Counters {
  return { received: 0, sent: 0, requests: {}, replies: {}, drops: {}, sendErrors: 0, stored: 0, commits: 0 };
}

export function count(table: Record<string, number>, name: string): void {
  table[name] = (table[name] ?? 0) + 1;
}

const NAMES = Array.from({ length: 256 }, (_, type) => (type === 0 ? 'BOOTP' : (messageTypeName(type) ?? `type ${type}`)));

/** `DISCOVER` for 1; `BOOTP` for 0, which stands for no option 53. */
export function typeName(type: number): string {
  return NAMES[type & 255]!;
}
