import { resolve as resolvePath } from 'node:path';
import type { Config } from '../config/schema.js';
import type { Core } from '../core.js';
import { whoIs } from '../core.js';
import { createFtpServer, type FtpFolder, type FtpTree } from '../ftp/index.js';
import { readIndex } from '../http/index-page.js';
import { findInside } from '../paths.js';
import { explainListenError } from '../ports.js';

type FtpSection = Exclude<Config['ftp'], false>;

export interface FtpService {
  readonly listens: string[];
  stop(): Promise<void>;
}

/** The same tree as over HTTP: images, the TFTP root as `/boot`, and the aliases. Kickstarts stay with HTTP, which can keep secrets. */
export function ftpTree(core: Core): FtpTree {
  return {
    find(path) {
      const folders = mounts(core);
      if (path === '/' || path === '') return topFolder(folders);
      const mount = [...folders.keys()]
        .filter((each) => path === each || path.startsWith(`${each}/`))
        .sort((a, b) => b.length - a.length)[0];
      if (mount === undefined) {
        const below = [...folders.keys()]
          .filter((each) => each.startsWith(`${path}/`))
          .map((each) => each.slice(path.length + 1).split('/')[0] as string);
        return below.length > 0 ? listing([...new Set(below)]) : undefined;
      }
      return lookUp(folders.get(mount) as string, path.slice(mount.length));
    },
  };
}

function mounts({ site }: Core): Map<string, string> {
  const folders = new Map([...site.images.values()].map(({ name, folder }) => [`/images/${name}`, folder]));
  const { tftp, http } = site.config;
  if (tftp !== false && tftp.root !== undefined) folders.set('/boot', resolvePath(site.folder, tftp.root));
  for (const [prefix, folder] of Object.entries(http === false ? {} : http.aliases))
    folders.set(prefix.replace(/\/+$/, ''), resolvePath(site.folder, folder));
  return folders;
}

/** The first parts of all mounts, and what stands in the folder of the alias `/`. */
function topFolder(folders: Map<string, string>): FtpFolder {
  const names = [...new Set([...folders.keys()].filter((mount) => mount !== '').map((mount) => mount.split('/')[1] as string))];
  const made = listing(names);
  const root = folders.get('');
  if (root === undefined) return made;
  return { ...made, entries: () => [...made.entries(), ...readIndex(root).filter(({ name }) => !names.includes(name))] };
}

function listing(names: string[]): FtpFolder {
  const modified = new Date(0);
  return { kind: 'folder', modified, entries: () => names.map((name) => ({ name, isFolder: true, size: 0, modified })) };
}

function lookUp(folder: string, path: string): ReturnType<FtpTree['find']> {
  let found: ReturnType<typeof findInside>;
  try {
    found = findInside(folder, path);
  } catch {
    return undefined;
  }
  if (!found) return undefined;
  const { stats, path: real } = found;
  if (stats.isDirectory()) return { kind: 'folder', modified: stats.mtime, entries: () => readIndex(real) };
  return stats.isFile() ? { kind: 'file', path: real, size: stats.size, modified: stats.mtime } : undefined;
}

/** Opens the port of FTP, or takes over a socket. Limits are those of the present configuration. */
export async function startFtp(core: Core, address: string, config: FtpSection, socket?: number): Promise<FtpService> {
  const present = () => core.site.config.ftp || config;
  const server = createFtpServer({
    tree: ftpTree(core),
    address,
    port: config.port,
    ...(socket === undefined ? {} : { socket }),
    get passivePorts() {
      const [first = 0, last = 0] = present().passivePorts?.split('-').map(Number) ?? [];
      return [first, last] as const;
    },
    get maxConnections() {
      return present().maxConnections;
    },
    get maxConnectionsPerClient() {
      return present().maxConnectionsPerClient;
    },
    get idleTimeout() {
      return present().idleTimeout;
    },
    onTransfer: ({ peer, command, path, bytes, milliseconds, outcome }) =>
      void core.events.emit('ftp.done', {
        level: outcome === 'complete' ? 'info' : 'warn',
        peer,
        ...whoIs(core, peer),
        command,
        path,
        bytes,
        ms: Math.round(milliseconds * 10) / 10,
        outcome,
      }),
  });
  try {
    const port = await server.start();
    return { listens: [`tcp ${address}:${port}`], stop: () => server.stop() };
  } catch (error) {
    throw explainListenError(error, 'FTP', 'tcp', address, config.port);
  }
}
