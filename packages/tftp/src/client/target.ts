import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { TftpError } from '../error.js';
import { TFTP_PORT } from '../packet.js';
import type { Endpoint, Target, TransferMode } from '../types.js';

export interface ParsedTarget {
  readonly host: string;
  readonly port: number;
  readonly filename: string;
  readonly mode: TransferMode | undefined;
}

/** @throws TftpError `TFTP_BAD_URL` */
export function parseTarget(target: Target): ParsedTarget {
  if (typeof target === 'object' && !(target instanceof URL)) {
    return { host: target.host, port: target.port ?? TFTP_PORT, filename: target.filename, mode: undefined };
  }
  const text = String(target);
  // RFC 3617: "tftp:" "//" host "/" file [ mode ]; mode = ";" "mode=" ( "netascii" / "octet" )
  const match = /^tftp:\/\/(\[[^\]]+\]|[^/:?#]+)(?::([0-9]{1,5}))?\/(.+)$/i.exec(text);
  if (!match) throw new TftpError('TFTP_BAD_URL', `Cannot read ${JSON.stringify(text)}, expected tftp://host[:port]/file`);
  const [, host, port, rest] = match as unknown as [string, string, string | undefined, string];
  const mode = /;mode=(octet|netascii)$/i.exec(rest);
  const name = mode ? rest.slice(0, mode.index) : rest;
  let filename: string;
  try {
    filename = decodeURIComponent(name);
  } catch {
    filename = name;
  }
  return {
    // RFC 6874: the zone of a link-local address, `[fe80::1%25eth0]`.
    host: host.replace(/^\[|\]$/g, '').replace('%25', '%'),
    port: port === undefined ? TFTP_PORT : Number(port),
    filename,
    mode: mode?.[1]?.toLowerCase() as TransferMode | undefined,
  };
}

/** The address of a host: the only place where a name is looked up. */
export async function resolveHost(host: string, port: number): Promise<Endpoint> {
  const family = isIP(host);
  const found = family === 0 ? await lookup(host) : { address: host, family };
  return { address: found.address, port, family: found.family === 6 ? 'IPv6' : 'IPv4' };
}
