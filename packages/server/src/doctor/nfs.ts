import { createConnection } from 'node:net';
import { renderKickstart } from '../core.js';
import { resolve } from '../resolve.js';
import type { Site } from '../site.js';
import type { DoctorItem } from './item.js';

/** `nfs:server:/path` or `nfs:options:server:/path`, as kernel arguments and kickstarts write it, and `nfs --server=… --dir=…`. */
export interface NfsReference {
  server: string;
  path: string;
  /** Where it stands, for people. */
  where: string;
}

const URL = /\bnfs(?:4)?:(?:\/\/)?(?:([^\s:/]*=[^\s:]*):)?([\w.-]+):?(\/[^\s'"]*)/g;

/** Every NFS address in a text. */
export function nfsReferences(text: string, where: string): NfsReference[] {
  const found = [...text.matchAll(URL)].map(([, , server = '', path = '']) => ({ server, path, where }));
  for (const line of text.split('\n')) {
    if (!/^\s*nfs\s/.test(line)) continue;
    const server = /--server[= ]([\w.-]+)/.exec(line)?.[1];
    const path = /--dir[= ](\S+)/.exec(line)?.[1];
    if (server !== undefined && path !== undefined) found.push({ server, path, where });
  }
  return found;
}

/** The line for `/etc/exports` of the system's NFS server that gives a tree to the clients of a network. */
export function exportsLine(folder: string, network: string): string {
  return `${folder.replaceAll(' ', '\\040')} ${network}(ro,async,no_subtree_check)`;
}

/** Whether the NFS servers named in kernel arguments and kickstarts can be reached, and what HTTP URL would do instead. */
export async function* checkNfs(site: Site): AsyncGenerator<DoctorItem> {
  const references: NfsReference[] = [];
  for (const [name, image] of Object.entries(site.config.images))
    references.push(...nfsReferences(image.arguments, `arguments of image ${name}`));
  for (const [name, profile] of Object.entries(site.config.profiles))
    references.push(...nfsReferences(profile.arguments, `arguments of profile ${name}`));
  for (const machine of site.config.machines) {
    references.push(...nfsReferences(machine.arguments, `arguments of machine ${machine.name}`));
    try {
      const decide: Parameters<typeof renderKickstart>[0]['decide'] = (client, stage) => resolve(site, client, stage, { now: 0 });
      const rendered = await renderKickstart({ site, decide }, { mac: machine.mac[0] });
      if (rendered) references.push(...nfsReferences(rendered.text, `kickstart of machine ${machine.name}`));
    } catch {
      // A template that does not render is reported with the configuration.
    }
  }
  const seen = new Set<string>();
  for (const { server, path, where } of references) {
    const key = `${server}:${path}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const image = [...site.images.values()].find(({ folder }) => path === folder || path.startsWith(`${folder}/`));
    const instead =
      image && site.httpUrl
        ? ` Over HTTP the same tree is ${site.httpUrl}/images/${image.name}${path.slice(image.folder.length)}.`
        : ' A tree under `images` is served over HTTP.';
    const reachable = await reaches(server);
    yield reachable
      ? { id: 'nfs', status: 'ok', message: `${key} (${where}): the NFS server answers.${instead}` }
      : {
          id: 'nfs',
          status: 'fail',
          message: `${key} (${where}): ${server} does not answer on the NFS port 2049`,
          fix: `Export it there: ${exportsLine(path, site.subnets[0]?.config.subnet ?? '*')}.${instead}`,
        };
  }
}

function reaches(host: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = createConnection({ host, port: 2049, timeout: 1500 }, () => {
      socket.destroy();
      done(true);
    });
    for (const event of ['error', 'timeout'] as const) {
      socket.on(event, () => {
        socket.destroy();
        done(false);
      });
    }
  });
}
