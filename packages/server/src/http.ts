import type { IncomingMessage, ServerResponse } from 'node:http';
import { resolve as resolvePath } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { findBootFile } from './boot-tree.js';
import { type Core, clientOf, macOf, nameOf, renderKickstart } from './core.js';
import { treeFolder } from './http/direct.js';
import { answerFile, fileResponse, textResponse } from './http/files.js';
import { type IndexEntry, indexPage, readIndex } from './http/index-page.js';
import { addressOf, reportRequest, withoutTokens } from './http/report.js';
import { type Sent, sendFile } from './http/send.js';
import { sameSecret } from './machines.js';
import { findInside, type OpenFile, openInside } from './paths.js';
import type { BootClient } from './resolve.js';

interface Bindings {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
}

/** `sent`: what went straight to the socket. */
interface Env {
  Bindings: Bindings;
  Variables: { sent?: Sent };
}

type RequestContext = Context<Env>;

const peerOf = (context: RequestContext) => addressOf(context.env?.incoming);

/** A path of the tree after its route, decoded; `undefined` when its escapes are broken. */
function restOf(request: Request, prefix: string): string | undefined {
  try {
    return decodeURIComponent(new URL(request.url).pathname).slice(prefix.length);
  } catch {
    return undefined;
  }
}

const notFound = () => new Response('Not found\n', { status: 404, headers: { 'content-type': 'text/plain' } });
const forbidden = () => new Response('Forbidden\n', { status: 403, headers: { 'content-type': 'text/plain' } });

/** A file goes straight to the socket where there is one: much faster than through a web stream. */
function serveFile(context: RequestContext, found: OpenFile | undefined): Response {
  if (!found) return notFound();
  const { method, raw } = context.req;
  const answer = answerFile(method, Object.fromEntries(raw.headers), found);
  const outgoing = context.env?.outgoing;
  if (!outgoing || method === 'HEAD') return fileResponse(answer, found.file);
  context.set('sent', sendFile(answer, found.file, outgoing));
  return RESPONSE_ALREADY_SENT;
}

/** A folder of the real tree: files with ranges, folders as index pages. */
function serveFolder(context: RequestContext, folder: string, path: string): Response {
  const request = context.req.raw;
  const found = findInside(folder, path);
  if (!found) return notFound();
  if (!found.stats.isDirectory()) return serveFile(context, openInside(folder, path));
  const { pathname } = new URL(request.url);
  if (!pathname.endsWith('/')) return new Response(null, { status: 301, headers: { location: `${encodeURI(decodeURI(pathname))}/` } });
  return textResponse(request, indexPage(decodeURIComponent(pathname), readIndex(found.path)), 'text/html; charset=utf-8');
}

/** A folder that is made: these folders, and what else stands there. */
function serveList(request: Request, names: readonly string[], others: readonly IndexEntry[] = []): Response {
  const { pathname } = new URL(request.url);
  const made = names.map((name) => ({ name, isFolder: true, size: 0, modified: new Date(0) }));
  const entries = [...made, ...others.filter(({ name }) => !names.includes(name))];
  return textResponse(request, indexPage(pathname, entries), 'text/html; charset=utf-8');
}

/** The HTTP tree: `/images`, `/boot`, `/ks`, `/profiles`, `/call-home` and the configured aliases. */
export function createHttpApp(core: Core): Hono<Env> {
  const app = new Hono<Env>();
  app.onError((error, context) => {
    const { code } = error as { code?: unknown };
    const status = code === 'SERVER_PATH_OUTSIDE' ? 403 : 500;
    const path = withoutTokens(context.req.path);
    core.events.emit('http.error', {
      level: 'error',
      peer: peerOf(context),
      path,
      code,
      message: error.message,
      hint: (error as { hint?: string }).hint,
    });
    return new Response(status === 403 ? 'Forbidden\n' : `${error.message}\n`, { status, headers: { 'content-type': 'text/plain' } });
  });
  app.notFound(notFound);
  app.use(async (context, next) => {
    const since = performance.now();
    const outgoing = context.env?.outgoing;
    // Before the answer: a small file is sent and done by the time the handler returns.
    const report = (status: number, complete: boolean) => {
      const made = complete ? Number(context.res.headers.get('content-length') ?? 0) : 0;
      const bytes = context.get('sent')?.bytes ?? made;
      const { method, path } = context.req;
      reportRequest(core, { peer: peerOf(context), method, path, since, status, bytes, complete });
    };
    outgoing?.once('close', () => report(outgoing.statusCode, outgoing.writableFinished));
    await next();
    if (!outgoing) report(context.res.status, true);
  });

  app.get('/', ({ req }) => {
    const { config, folder } = core.site;
    const { '/': root, ...aliases } = config.http === false ? {} : config.http.aliases;
    const names = ['images', 'boot', ...Object.keys(aliases).map((path) => path.slice(1))];
    return serveList(req.raw, names, root === undefined ? [] : readIndex(resolvePath(folder, root)));
  });
  app.get('/images', ({ req, redirect }) => redirect(`${req.path}/`, 301));
  app.get('/images/', ({ req }) => serveList(req.raw, [...core.site.images.keys()]));
  app.get('/boot/*', (context) => {
    const name = restOf(context.req.raw, '/boot/');
    if (name === undefined) return notFound();
    const asking = (mac: string | undefined): BootClient => clientOf(core, mac === undefined ? { address: peerOf(context) } : { mac });
    const found = findBootFile(core.site, name, asking, core.decide);
    if (!found) return bootFolder(core, context, name);
    if (found.kind === 'generated') return textResponse(context.req.raw, found.text);
    return serveFile(context, openInside('/', found.path));
  });

  // A path under /ks that names no machine may be a file of an alias: trees of old have their kickstarts there.
  app.get('/ks/:name', (context, next) => {
    const name = context.req.param('name');
    return macOf(core.site, name) === undefined ? next() : kickstart(core, context, name, undefined);
  });
  app.get('/ks/:name/:token', (context) => kickstart(core, context, context.req.param('name'), context.req.param('token')));
  app.get('/profiles/:profile/ks', (context) => {
    const profile = context.req.param('profile');
    if (!Object.hasOwn(core.site.config.profiles, profile)) return notFound();
    return sendKickstart(core, context, clientOf(core, { address: peerOf(context) }), profile);
  });
  app.on(['GET', 'POST'], '/call-home/:name/:token', (context) =>
    callHome(core, context.req.param('name'), context.req.param('token'), peerOf(context)),
  );

  app.get('*', (context) => {
    const path = restOf(context.req.raw, '');
    const within = path === undefined ? undefined : treeFolder(core.site, path);
    return within ? serveFolder(context, within.folder, within.path) : notFound();
  });
  return app;
}

function bootFolder(core: Core, context: RequestContext, name: string): Response {
  const { tftp } = core.site.config;
  return tftp !== false && tftp.root !== undefined ? serveFolder(context, resolvePath(core.site.folder, tftp.root), name) : notFound();
}

async function kickstart(core: Core, context: RequestContext, name: string, token: string | undefined): Promise<Response> {
  const mac = macOf(core.site, name);
  if (mac === undefined) return notFound();
  const client = clientOf(core, { mac });
  if (core.site.config.kickstartTokens) {
    const secret = client.memory?.token;
    if (secret === undefined || token === undefined || !sameSecret(secret, token)) return forbidden();
  } else if (token !== undefined) {
    return notFound();
  }
  return sendKickstart(core, context, client, undefined);
}

async function sendKickstart(core: Core, context: RequestContext, client: BootClient, profile: string | undefined): Promise<Response> {
  const rendered = await renderKickstart(core, client, profile);
  if (!rendered) return notFound();
  const { req } = context;
  if (req.method === 'GET') {
    const { mac } = client;
    const before = client.memory?.state;
    const record = mac === undefined ? undefined : core.machines.kickstartFetched(mac);
    core.events.emit('kickstart.fetched', {
      mac,
      machine: rendered.decision.name,
      peer: peerOf(context),
      profile: rendered.profile,
      template: rendered.template,
      bytes: Buffer.byteLength(rendered.text),
      sha256: rendered.sha256,
    });
    if (record && record.state !== before)
      core.events.emit('machine.state', { mac, machine: rendered.decision.name, from: before, to: record.state });
  }
  return textResponse(req.raw, rendered.text);
}

function callHome(core: Core, name: string, token: string, peer: string): Response {
  const mac = macOf(core.site, name);
  const before = mac === undefined ? undefined : core.machines.get(mac)?.state;
  const record = mac === undefined ? undefined : core.machines.installed(mac, token);
  if (mac === undefined || record === undefined) {
    core.events.emit('callhome.refused', { level: 'warn', machine: name, peer });
    return forbidden();
  }
  core.events.emit('callhome', { mac, machine: nameOf(core.site, mac), peer });
  if (before !== record.state) core.events.emit('machine.state', { mac, machine: nameOf(core.site, mac), from: before, to: record.state });
  return new Response('ok\n', { headers: { 'content-type': 'text/plain' } });
}

/** The tree as a listener of a Node server. */
export function createHttpListener(core: Core): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  return getRequestListener(createHttpApp(core).fetch);
}
