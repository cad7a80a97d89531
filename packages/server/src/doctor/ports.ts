import { findPortHolder } from '../ports.js';
import type { Site } from '../site.js';
import { type DoctorItem, fail, ok, warn } from './item.js';
import { readText } from './system-text.js';

/** Who holds the ports, and whether opening them needs a privilege. */
export function* checkPorts(site: Site): Generator<DoctorItem> {
  const { dhcp, tftp, http, ftp } = site.config;
  const ports: [string, 'tcp' | 'udp', number][] = [];
  if (dhcp !== false) ports.push(['dhcp', 'udp', dhcp.port]);
  if (tftp !== false) ports.push(['tftp', 'udp', tftp.port]);
  if (http !== false) ports.push(['http', 'tcp', http.port]);
  if (ftp !== false) ports.push(['ftp', 'tcp', ftp.port]);
  for (const [service, protocol, port] of ports) {
    if (port === 0) continue;
    const id = `port/${service}`;
    const holder = findPortHolder(protocol, port);
    const name = `${protocol.toUpperCase()} port ${port}`;
    if (!holder) {
      const needsPrivilege = port < unprivilegedFrom() && process.getuid?.() !== 0;
      if (needsPrivilege)
        yield warn(
          id,
          `${name} is free and needs a privilege`,
          'Run `pxekit serve` as root with `user` set, or from the units of `pxekit systemd`.',
        );
      else yield ok(id, `${name} is free`);
    } else if (/node|pxekit/i.test(holder.name))
      yield ok(id, `${name} is held by ${holder.name} (process ${holder.pid}): a running server`);
    else
      yield fail(
        id,
        `${name} is held by ${holder.name} (process ${holder.pid})`,
        `Stop ${holder.name}, or switch the role off with \`${service}: false\`.`,
      );
  }
}

function unprivilegedFrom(): number {
  return Number(readText('/proc/sys/net/ipv4/ip_unprivileged_port_start') ?? 1024);
}
