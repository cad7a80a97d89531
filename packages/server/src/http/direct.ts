import type { IncomingMessage, ServerResponse } from 'node:http';
import { resolve as resolvePath } from 'node:path';
import type { Core } from '../core.js';
import { type OpenFile, openInside } from '../paths.js';
import type { Site } from '../site.js';
import { answerFile } from './files.js';
import { addressOf, reportRequest } from './report.js';
import { sendFile } from './send.js';

/** The folder of the real tree that a path of a URL lies in, and the path below it: an image, or the alias that fits best. */
export function treeFolder({ images, config, folder }: Site, path: string): { folder: string; path: string } | undefined {
  if (path.startsWith('/images/')) {
    const end = path.indexOf('/', 8);
    const image = images.get(path.slice(8, end < 0 ? undefined : end));
    if (image) return { folder: image.folder, path: end < 0 ? '' : path.slice(end) };
  }
  const aliases = config.http === false ? {} : config.http.aliases;
  const best = Object.keys(aliases)
    .filter((prefix) => `${path}/`.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`))
    .sort((a, b) => b.length - a.length)[0];
  return best === undefined
    ? undefined
    : { folder: resolvePath(folder, aliases[best] as string), path: path.slice(best.replace(/\/+$/, '').length) };
}

/** Paths that an alias cannot take over. */
const MADE = /^\/(?:boot|ks|profiles|call-home)(?:\/|$)/;

function pathOf(url: string): string | undefined {
  const end = url.search(/[?#]/);
  const raw = end < 0 ? url : url.slice(0, end);
  try {
    return raw.includes('%') ? decodeURIComponent(raw) : raw;
  } catch {
    return undefined;
  }
}

function openFile(site: Site, path: string): OpenFile | undefined {
  if (MADE.test(path)) return undefined;
  try {
    const within = treeFolder(site, path);
    return within && openInside(within.folder, within.path);
  } catch {
    return undefined;
  }
}

/**
 * Answers a request for a real file without the way through the app, which costs more than the file itself.
 * Gives `false` for everything else: folders, what is made per machine, and whatever goes wrong are the app's.
 */
export function answerDirectly(core: Core, incoming: IncomingMessage, outgoing: ServerResponse): boolean {
  const since = performance.now();
  const { method, url = '' } = incoming;
  if (method !== 'GET' && method !== 'HEAD') return false;
  const path = pathOf(url);
  const found = path === undefined ? undefined : openFile(core.site, path);
  if (path === undefined || found === undefined) return false;
  const answer = answerFile(method, incoming.headers, found);
  const peer = addressOf(incoming);
  const sent = sendFile(answer, found.file, outgoing);
  const { status } = answer;
  outgoing.on('close', () =>
    reportRequest(core, { peer, method, path, since, status, bytes: sent.bytes, complete: outgoing.writableFinished }),
  );
  return true;
}
