import { createConnection, createServer as createTcpServer } from 'node:net';
import {
  type BootServer,
  type ConfigInput,
  createServer,
  LiveNetwork,
  loadConfig,
  OfflineNetwork,
  type SimulatedStep,
  walk,
} from '@pxekit/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { ftpTree } from '../src/services/ftp.js';
import { DEMO, DEMO_FILES, folderOf } from './site-of.js';

const LOOPBACK: ConfigInput = {
  ...DEMO,
  address: '127.0.0.1/8',
  dhcp: { port: 0, subnets: [{ subnet: '127.0.0.0/8', pools: ['127.5.0.1-127.5.0.200'] }] },
  tftp: { root: 'tftp', port: 0 },
  http: { port: 0 },
};

/** A running server and a client's network beside it; `silence` is how long the client waits for an answer, in ms. */
async function start(config: ConfigInput = LOOPBACK, hooks = {}, silence = 30_000) {
  const folder = folderOf(DEMO_FILES);
  const network = await LiveNetwork.open({ server: '127.0.0.1', clientPort: 0, timeout: silence });
  const dhcp = config.dhcp === false ? false : { ...config.dhcp, clientPort: network.clientPort };
  const server = createServer({ ...config, dhcp }, { folder, hooks });
  await server.start();
  onTestFinished(async () => {
    await network.close();
    await server.stop();
  });
  const port = (service: string) => Number(/:(\d+)$/.exec(server.listens[service]?.[0] ?? '')?.[1]);
  network.connect({ dhcpPort: port('dhcp'), tftpPort: port('tftp') });
  return { server, network, port };
}

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, createServerOnPort);
  const ports = await Promise.all(servers.map((server) => server.listen()));
  await Promise.all(servers.map((server) => server.close()));
  return ports;
}

function createServerOnPort() {
  const server = createTcpServer();
  return {
    listen: () => new Promise<number>((done) => server.listen(0, '127.0.0.1', () => done((server.address() as { port: number }).port))),
    close: () => new Promise<void>((done) => server.close(() => done())),
  };
}

let xid = 1;

async function boot(network: LiveNetwork | OfflineNetwork, options: Partial<Parameters<typeof walk>[0]> = {}) {
  const steps: SimulatedStep[] = [];
  const run = walk({ client: 'bios', mac: '52:54:00:12:34:56', network, clock: () => performance.now(), random: () => xid++, ...options });
  let step = await run.next();
  for (; !step.done; step = await run.next()) steps.push(step.value);
  return { steps, result: step.value };
}

const types = (server: BootServer) => server.events.history.map(({ type }) => type);

describe('services together', () => {
  it('boot a machine to its kickstart and tell it in one stream, in order', async () => {
    const { server, network } = await start();
    const { result } = await boot(network);
    expect(result).toMatchObject({ outcome: 'kernel', kernel: 'images/demo/vmlinuz' });
    expect(result.kickstart).toContain('network --hostname=m1');
    const told = (which: RegExp) =>
      types(server)
        .filter((type) => which.test(type))
        .filter((type, index, all) => type !== all[index - 1]);
    // Not `tftp.dropped`: where the server needs a while to answer, the client looks whether anybody listens. And the last ACK of a
    // file may be read after the first message to another port.
    await expect.poll(() => told(/^tftp\.(?!dropped)/)).toEqual(['tftp.done', 'tftp.missing', 'tftp.done']);
    await expect
      .poll(() => told(/^(?!tftp)/))
      .toEqual([
        'server.start',
        'server.ready',
        'machine.seen',
        'dhcp.offer',
        'dhcp.ack',
        'dhcp.offer',
        'dhcp.ack',
        'kickstart.fetched',
        'machine.state',
        'http.request',
      ]);
    expect(server.machines.timeline('52:54:00:12:34:56').map(({ event }) => event.type)).toContain('kickstart.fetched');
  });

  it('let a machine install once: after the call home it boots its disk', async () => {
    const { network } = await start();
    const { result } = await boot(network);
    const callHome = /'(http:[^']+call-home[^']+)'/.exec(result.kickstart ?? '')?.[1] as string;
    expect((await network.http(callHome, 'GET')).status).toBe(200);
    expect((await boot(network)).result.outcome).toBe('disk');
  });

  it('ignore unknown machines under `deny`, and the log says why', async () => {
    const { server, network } = await start({ ...LOOPBACK, unknown: 'deny' }, {}, 300);
    await expect(boot(network, { mac: '52:54:00:99:99:99' })).rejects.toMatchObject({ code: 'SERVER_SIMULATION', step: 'DISCOVER' });
    const ignored = () => server.events.history.find(({ type }) => type === 'dhcp.ignored');
    await expect.poll(ignored).toMatchObject({ mac: '52:54:00:99:99:99' });
  });

  it('keep the address between boot ROM, iPXE and installer', async () => {
    const { network } = await start({ ...LOOPBACK, ipxe: 'script' });
    const rom = await boot(network, { mac: '52:54:00:77:00:01' }).catch(() => undefined);
    const ipxe = await boot(network, { client: 'ipxe', mac: '52:54:00:77:00:01' }).catch(() => undefined);
    expect(ipxe?.result.address).toBe(rom?.result.address);
    const { steps } = await boot(network);
    expect(steps.find(({ stage }) => stage === 'installer')?.answered).toContain('the same address as the boot ROM');
  });

  it('switch roles off one by one', async () => {
    const { server } = await start({ ...LOOPBACK, dhcp: false, http: false });
    expect(Object.keys(server.listens)).toEqual(['tftp']);
  });

  it('serve the same tree over FTP', async () => {
    const { port } = await start({ ...LOOPBACK, ftp: { port: 0 } });
    const socket = createConnection({ host: '127.0.0.1', port: port('ftp') });
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk;
    });
    for (const line of [
      'USER anonymous',
      'PASS x',
      'SIZE /images/demo/vmlinuz',
      'SIZE /boot/pxelinux.0',
      'SIZE /images/../ks.cfg.liquid',
      'QUIT',
    ]) {
      socket.write(`${line}\r\n`);
    }
    await new Promise((done) => socket.on('close', done));
    expect(heard).toMatch(/213 6\r\n213 16\r\n550 /);
  });

  it('serve the alias / over FTP beside what else there is', async () => {
    const { server } = await start({ ...LOOPBACK, http: { port: 0, aliases: { '/': 'images' } }, ftp: { port: 0 } });
    const tree = ftpTree({ site: server.site } as Parameters<typeof ftpTree>[0]);
    const top = tree.find('/');
    expect(top?.kind === 'folder' && top.entries().map(({ name }) => name)).toEqual(['images', 'boot', 'demo']);
    expect(tree.find('/demo/vmlinuz')).toMatchObject({ kind: 'file', size: 6 });
  });

  describe('take another configuration as a whole', () => {
    const dhcpOf = (server: BootServer) => server.config.dhcp as Exclude<ConfigInput['dhcp'], false>;
    const status = (url: string) => fetch(url).then((answer) => answer.status);

    it('over the same sockets', async () => {
      const { server, network } = await start();
      await expect(server.reload({ ...LOOPBACK, machines: [{ name: 'a', mac: 'bad' }] })).rejects.toThrow();
      expect((await boot(network)).result.outcome).toBe('kernel');
      const before = { ...server.listens };
      await server.reload({ ...LOOPBACK, dhcp: dhcpOf(server), unknown: 'discover', machines: [] });
      expect(server.listens).toEqual(before);
      expect((await boot(network, { mac: '52:54:00:55:00:01' })).result.outcome).toBe('disk');
    });

    it('with other ports, which open before the old ones close', async () => {
      const { server, network, port } = await start({ ...LOOPBACK, ftp: { port: 0 } });
      const old = { http: port('http'), dhcp: port('dhcp'), url: server.site.httpUrl as string };
      const { result } = await boot(network);
      const [http, dhcp, tftp] = await freePorts(3);
      await server.reload({
        ...LOOPBACK,
        http: { port: http },
        tftp: { root: 'tftp', port: tftp },
        dhcp: { ...dhcpOf(server), port: dhcp },
      });
      expect(server.listens).toEqual({
        http: [`tcp 127.0.0.1:${http}`],
        tftp: [`udp 127.0.0.1:${tftp}`],
        dhcp: [`udp 127.0.0.1:${dhcp}`],
      });
      expect(server.site.httpUrl).toBe(`http://127.0.0.1:${http}`);
      expect(await status(`${server.site.httpUrl}/images/`)).toBe(200);
      await expect(status(`${old.url}/images/`)).rejects.toThrow();
      network.connect({ dhcpPort: port('dhcp'), tftpPort: port('tftp') });
      expect((await boot(network)).result).toMatchObject({ outcome: 'kernel', address: result.address });
    });

    it('or not at all: when one port does not open, the others stay as they were', async () => {
      const { server, network, port } = await start();
      const before = { ...server.listens };
      const holder = createServerOnPort();
      const taken = await holder.listen();
      const [http, dhcp] = await freePorts(2);
      const next = { ...LOOPBACK, http: { port: http }, admin: { port: taken }, dhcp: { ...dhcpOf(server), port: dhcp }, machines: [] };
      await expect(server.reload(next)).rejects.toMatchObject({ code: 'SERVER_PORT_IN_USE' });
      await holder.close();
      expect(server.listens).toEqual(before);
      expect(server.site.httpUrl).toBe(`http://127.0.0.1:${port('http')}`);
      await expect(status(`http://127.0.0.1:${http}/`)).rejects.toThrow();
      expect((await boot(network)).result.outcome).toBe('kernel');
    });

    it('also where a setting needs the port anew, and takes it back when that fails', async () => {
      const { server, network } = await start();
      const [port] = await freePorts(1);
      const tftp = { root: 'tftp', port };
      await server.reload({ ...LOOPBACK, dhcp: dhcpOf(server), tftp });
      network.connect({ dhcpPort: Number(server.listens.dhcp?.[0]?.split(':')[1]), tftpPort: port as number });
      await server.reload({ ...LOOPBACK, dhcp: dhcpOf(server), tftp: { ...tftp, maxTransfers: 2 } });
      expect(server.listens.tftp).toEqual([`udp 127.0.0.1:${port}`]);
      expect((await boot(network)).result.outcome).toBe('kernel');
      const broken = { ...LOOPBACK, dhcp: { ...dhcpOf(server), leases: '/nowhere/leases.db' }, tftp: { ...tftp, maxTransfers: 3 } };
      await expect(server.reload(broken)).rejects.toThrow();
      expect((await boot(network)).result.outcome).toBe('kernel');
    });

    it('but refuse what needs a new start', async () => {
      const { server } = await start();
      await expect(server.reload({ ...LOOPBACK, state: 'elsewhere' })).rejects.toMatchObject({ code: 'SERVER_RELOAD' });
    });
  });

  it('hold each client to its number of HTTP connections', async () => {
    const { server, port } = await start({ ...LOOPBACK, http: { port: 0, maxConnectionsPerClient: 3 } });
    /** The status of a request on a connection of its own, which stays open. */
    const ask = (localAddress: string) =>
      new Promise<{ status: string; end: () => void }>((done) => {
        const socket = createConnection({ host: '127.0.0.1', port: port('http'), localAddress });
        socket.write('GET /images/demo/vmlinuz HTTP/1.1\r\nHost: pxekit\r\n\r\n');
        socket.once('data', (chunk) => done({ status: chunk.toString().slice(0, 12), end: () => socket.destroy() }));
        socket.on('error', () => {});
      });
    const clients = [];
    for (let n = 0; n < 4; n++) clients.push(await ask('127.0.0.7'));
    expect(clients.map(({ status }) => status)).toEqual([...new Array(3).fill('HTTP/1.1 200'), 'HTTP/1.1 503']);
    expect((await ask('127.0.0.8')).status).toBe('HTTP/1.1 200');
    expect(server.events.history.filter(({ type }) => type === 'http.refused')).toMatchObject([{ peer: '127.0.0.7' }]);
    for (const client of clients) client.end();
    await expect.poll(async () => (await ask('127.0.0.7')).status).toBe('HTTP/1.1 200');
    await server.reload({ ...LOOPBACK, dhcp: server.config.dhcp, http: { port: 0, maxConnectionsPerClient: 1 } });
    expect((await ask('127.0.0.7')).status).toBe('HTTP/1.1 503');
  });

  it('let an application decide', async () => {
    const hooks = {
      onDecision: (decision: { bootFile?: unknown }, _: unknown, stage: string) =>
        stage === 'loader' ? { ...decision, bootFile: undefined } : undefined,
    };
    const { network } = await start(LOOPBACK, hooks);
    await expect(boot(network)).rejects.toMatchObject({ step: 'boot file' });
  });
});

describe('OfflineNetwork', () => {
  it('boots from the configuration alone and changes nothing', async () => {
    const folder = folderOf({ ...DEMO_FILES, 'pxekit.yaml': stringify(DEMO) });
    const loaded = loadConfig(`${folder}/pxekit.yaml`);
    for (let round = 0; round < 2; round++) {
      const network = await OfflineNetwork.open(loaded);
      const { result, steps } = await boot(network);
      expect(result).toMatchObject({ outcome: 'kernel', address: expect.stringMatching(/^10\.77\.0\./) });
      expect(steps.at(-1)?.stage).toBe('kickstart');
      expect(network.packets()).toHaveLength(8);
      await network.close();
    }
  });
});

describe('stop', () => {
  it('cuts a download that runs and tells how much of it was sent', async () => {
    const folder = folderOf({ ...DEMO_FILES, 'images/demo/big': new Uint8Array(64 * 1024 * 1024) });
    const server = createServer({ ...LOOPBACK, dhcp: false, tftp: false }, { folder });
    await server.start();
    const listeners: number[] = [];
    server.services.http?.server.on('request', (_, outgoing) => {
      outgoing.on('drain', () => listeners.push(outgoing.listenerCount('close')));
    });
    const response = await fetch(`${server.site.httpUrl}/images/demo/big`);
    const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    let got = 0;
    while (got < 8 * 1024 * 1024) got += (await reader.read()).value?.length ?? 0;
    await server.stop();
    const [aborted, stop] = server.events.history.slice(-2);
    expect([aborted?.type, stop?.type]).toEqual(['http.aborted', 'server.stop']);
    expect(aborted?.bytes).toBeGreaterThanOrEqual(got);
    expect(aborted?.bytes).toBeLessThan(64 * 1024 * 1024);
    expect(listeners.length).toBeGreaterThan(0);
    expect(Math.max(...listeners)).toBeLessThan(6);
  });
});
