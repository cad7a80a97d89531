import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { ServerError } from './errors.js';

/** The process that holds a port, where the system lets us see it (Linux: /proc). */
export interface PortHolder {
  pid: number;
  name: string;
}

/** Who listens on a port. `undefined` when nobody does or it cannot be known: other users' processes are closed to us. */
export function findPortHolder(protocol: 'tcp' | 'udp', port: number): PortHolder | undefined {
  const inodes = new Set<string>();
  for (const table of [protocol, `${protocol}6`]) {
    for (const line of readLines(`/proc/net/${table}`).slice(1)) {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      // 0A is LISTEN; UDP sockets that are bound stand as 07.
      if (Number.parseInt(local.split(':')[1] ?? '', 16) === port && (protocol === 'udp' || state === '0A'))
        inodes.add(`socket:[${inode}]`);
    }
  }
  if (inodes.size === 0) return undefined;
  for (const pid of readFolder('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    for (const descriptor of readFolder(`/proc/${pid}/fd`)) {
      let target = '';
      try {
        target = readlinkSync(`/proc/${pid}/fd/${descriptor}`);
      } catch {}
      if (inodes.has(target)) return { pid: Number(pid), name: readLines(`/proc/${pid}/comm`)[0] ?? '?' };
    }
  }
  return undefined;
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Services that usually hold the ports of a boot server, with what to do about them. */
const USUAL: Record<string, string> = {
  dnsmasq: 'Stop dnsmasq, or run with `dhcp: { mode: proxy }` beside it.',
  dhcpd: 'Stop dhcpd, or run with `dhcp: { mode: proxy }` beside it.',
  'in.tftpd': 'Stop tftpd-hpa, or set `tftp: false`.',
  systemd: 'A socket unit holds it: look with `systemctl list-sockets`.',
};

/** Turns an error of `listen` or `bind` into one that says who is in the way and what to do; others come back as they are. */
export function explainListenError(error: unknown, service: string, protocol: 'tcp' | 'udp', address: string, port: number): unknown {
  const where = `${service} cannot listen on ${protocol.toUpperCase()} port ${port} of ${address}`;
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE': {
      const holder = findPortHolder(protocol, port);
      const name = holder ? `${holder.name} (process ${holder.pid}) holds it` : 'another program holds it';
      const hint = (holder && USUAL[holder.name]) ?? `Stop that program, or choose another port with \`${service.toLowerCase()}.port\`.`;
      return new ServerError(`${where}: ${name}`, { code: 'SERVER_PORT_IN_USE', hint, cause: error });
    }
    case 'EACCES':
    case 'EPERM':
      return new ServerError(`${where}: this needs a privilege`, {
        code: 'SERVER_PORT_FORBIDDEN',
        hint: `Run as root and set \`user\`, grant CAP_NET_BIND_SERVICE, or choose a port above 1023 with \`${service.toLowerCase()}.port\`.`,
        cause: error,
      });
    case 'EADDRNOTAVAIL':
      return new ServerError(`${where}: no interface has this address`, {
        code: 'SERVER_ADDRESS_NOT_LOCAL',
        hint: 'Correct `address` or `interface`; `ip -4 address` lists what there is.',
        cause: error,
      });
    default:
      return error;
  }
}
