import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The program that holds a UDP port, as `dnsmasq (pid 812)`; undefined where that cannot be seen. */
export function portHolder(port: number): string | undefined {
  try {
    const inodes = new Set<string>();
    for (const line of readFileSync('/proc/net/udp', 'utf8').split('\n').slice(1)) {
      const [, local = '', , , , , , , , inode = ''] = line.trim().split(/\s+/);
      if (Number.parseInt(local.split(':')[1] ?? '', 16) === port) inodes.add(`socket:[${inode}]`);
    }
    for (const pid of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
      const holds = listDescriptors(pid).some((link) => inodes.has(link));
      if (holds) return `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (pid ${pid})`;
    }
  } catch {
    // No /proc, or no right to look: the message goes without the name.
  }
  return undefined;
}

/** What the descriptors of a process point to. Some close while they are listed; others may not be looked at. */
function listDescriptors(pid: string): string[] {
  const links: string[] = [];
  try {
    for (const fd of readdirSync(`/proc/${pid}/fd`)) {
      try {
        links.push(readlinkSync(`/proc/${pid}/fd/${fd}`));
      } catch {}
    }
  } catch {}
  return links;
}
