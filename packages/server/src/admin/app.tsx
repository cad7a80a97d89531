/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { resolve as resolvePath } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Config } from '../config/schema.js';
import { type Core, clientOf, macOf } from '../core.js';
import { ServerError } from '../errors.js';
import type { Services } from '../listeners.js';
import { sameSecret } from '../machines.js';
import { machinesOf } from '../offline.js';
import { explainListenError } from '../ports.js';
import type { Decision } from '../resolve.js';
import { problemsOf } from './fixes.js';
import { createMetrics } from './metrics.js';
import { MachinePage, SCRIPT, STYLE, StatusPage } from './page.js';

export interface AdminContext {
  core: Core;
  services: Services;
  listens: Readonly<Record<string, readonly string[]>>;
  /** Folder that a relative `tokenFile` starts from. */
  folder: string;
}

export interface AdminService {
  readonly listens: string[];
  stop(): Promise<void>;
}

type AdminSection = Exclude<Config['admin'], false>;

/** The secret for admin actions, from the configuration or the file it names. */
function adminToken({ token, tokenFile }: AdminSection, folder: string): string | undefined {
  if (tokenFile === undefined) return token;
  const file = resolvePath(folder, tokenFile);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ServerError(`The token file ${file} cannot be read: ${(error as Error).message}`, {
      code: 'SERVER_FILE_MISSING',
      hint: 'Write a secret of at least 8 characters into it: `openssl rand -hex 16`.',
    });
  }
}

function nextBoot({ action, profile, ignored }: Decision): string {
  if (ignored !== undefined) return 'ignored';
  return action === 'install' ? `installs ${profile}` : action === 'menu' ? 'menu' : 'boots its disk';
}

/** A name that another page could have been given for this listener is no address: only addresses and localhost are answered. */
function isPlainHost(host: string | undefined): boolean {
  return host === undefined || /^(?:localhost|[\d.]+|\[[\da-f:]+\])(?::\d+)?$/i.test(host);
}

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page's own style and script, and nothing else. */
const POLICY = `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}; connect-src 'self'; form-action 'self'; base-uri 'none'`;

/** The admin listener: status page, metrics, events as they happen, and arming of machines. */
export function createAdminApp({ core, services, listens, folder }: AdminContext, section: AdminSection): { app: Hono; stop(): void } {
  const token = adminToken(section, folder);
  const metrics = createMetrics(core, services);
  const app = new Hono();
  app.use(async (context, next) => {
    if (!isPlainHost(context.req.header('host'))) return context.text('Use the address of the server\n', 403);
    await next();
    context.header('content-security-policy', POLICY);
    context.header('x-content-type-options', 'nosniff');
    context.header('cache-control', 'no-store');
    return undefined;
  });

  app.get('/', (context) => {
    const machines = machinesOf(core.site, core.machines)
      .slice(0, 1000)
      .map((machine) => ({ machine, gets: nextBoot(core.decide(clientOf(core, { mac: machine.mac }), 'action')) }));
    const leases = (services.dhcp?.server.leases() ?? []).slice(0, 1000);
    const transfers = (services.tftp?.server.transfers() ?? []).map(({ filename, peer, bytes, size, rate }) => ({
      file: filename,
      peer: peer.address,
      bytes,
      size,
      rate,
    }));
    const problems = problemsOf(core.events.history);
    const view = { address: core.site.address, listens, machines, leases, transfers, problems };
    return context.html(`<!doctype html>${(<StatusPage {...view} />).toString()}`);
  });

  app.get('/machines/:name', (context) => {
    const machine = findMachine(core, context.req.param('name'));
    if (!machine) return context.notFound();
    const decision = core.decide({ architecture: 0, ...clientOf(core, { mac: machine.mac }) }, 'kickstart');
    const timeline = core.machines.timeline(machine.mac).map(({ event }) => event);
    const profiles = Object.keys(core.site.config.profiles);
    const trace = decision.trace.map((step) => ({ ...step, outcome: withoutSecret(step.outcome, core.machines.get(machine.mac)?.token) }));
    const view = {
      machine,
      decision: { ...decision, trace },
      timeline: timeline.slice(-200),
      profiles,
      canArm: token !== undefined,
    };
    return context.html(`<!doctype html>${(<MachinePage {...view} />).toString()}`);
  });

  for (const action of ['arm', 'disarm'] as const) {
    app.post(`/machines/:name/${action}`, async (context) => {
      const form = await context.req.parseBody();
      const given = context.req.header('authorization')?.replace(/^Bearer /, '') ?? form.token;
      if (token === undefined || typeof given !== 'string' || !sameSecret(given, token)) {
        core.events.emit('admin.refused', { level: 'warn', action, machine: context.req.param('name') });
        return context.text('The admin token is wrong, or none is configured (`admin.token`)\n', 403);
      }
      const mac = macOf(core.site, context.req.param('name'));
      if (mac === undefined) return context.notFound();
      const profile = typeof form.profile === 'string' && form.profile !== '' ? form.profile : undefined;
      if (profile !== undefined && !Object.hasOwn(core.site.config.profiles, profile))
        return context.text(`There is no profile ${profile}\n`, 400);
      const { state } = action === 'arm' ? core.machines.arm(mac, profile) : core.machines.disarm(mac);
      core.events.emit('machine.state', { mac, machine: context.req.param('name'), to: state, by: 'admin' });
      return context.redirect(`/machines/${encodeURIComponent(context.req.param('name'))}`, 303);
    });
  }

  app.get('/events', (context) =>
    streamSSE(context, async (stream) => {
      const ended = new AbortController();
      stream.onAbort(() => ended.abort());
      // The page was made before this connection: it reads itself once more.
      await stream.writeSSE({ data: '{}' });
      for await (const event of core.events.read({ signal: ended.signal })) await stream.writeSSE({ data: JSON.stringify(event) });
    }),
  );
  app.get('/metrics', async (context) =>
    context.body(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType }),
  );
  app.get('/healthz', (context) => context.text('ok\n'));
  return { app, stop: metrics.stop };
}

/** Kickstart URLs may hold the secret of the machine. */
function withoutSecret(text: string, secret: string | undefined): string {
  return secret === undefined ? text : text.replaceAll(secret, '[hidden]');
}

function findMachine(core: Core, name: string) {
  const mac = macOf(core.site, name);
  return machinesOf(core.site, core.machines).find((machine) => machine.mac === mac);
}

export async function startAdmin(context: AdminContext, section: AdminSection): Promise<AdminService> {
  const { app, stop } = createAdminApp(context, section);
  const server = createAdaptorServer({ fetch: app.fetch, createServer: createServer as never }) as Server<typeof IncomingMessage>;
  await new Promise<void>((done, fail) => {
    server.once('error', (error) => fail(explainListenError(error, 'Admin', 'tcp', section.address, section.port)));
    server.listen({ host: section.address, port: section.port }, done);
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound ? bound.port : section.port;
  return {
    listens: [`tcp ${section.address}:${port}`],
    async stop() {
      stop();
      const closed = new Promise<void>((done) => void server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}
