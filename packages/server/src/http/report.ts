import type { IncomingMessage } from 'node:http';
import { type Core, whoIs } from '../core.js';

/** The address that a request comes from, IPv4 in its plain form. */
export function addressOf(incoming: IncomingMessage | undefined): string {
  return (incoming?.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}

/** Kickstart and call-home URLs carry secrets, which belong in no log. */
export function withoutTokens(path: string): string {
  return path.replace(/^(\/(?:ks|call-home)\/[^/]+\/).+/, '$1[hidden]');
}

/** A request that was answered, or broken off. */
export interface Answered {
  peer: string;
  method: string;
  path: string;
  /** When it came, by `performance.now()`. */
  since: number;
  status: number;
  bytes: number;
  complete: boolean;
}

export function reportRequest(core: Core, { peer, method, path, since, status, bytes, complete }: Answered): void {
  core.events.emit(complete ? 'http.request' : 'http.aborted', {
    level: status >= 400 || !complete ? 'warn' : 'info',
    peer,
    ...whoIs(core, peer),
    method,
    path: withoutTokens(path),
    status,
    bytes: method === 'HEAD' ? 0 : bytes,
    ms: Math.round((performance.now() - since) * 10) / 10,
  });
}
