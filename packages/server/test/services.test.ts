import { createConnection } from 'node:net';
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
import { DEMO, DEMO_FILES, folderOf } from './site-of.js';

const LOOPBACK: ConfigInput = {
  ...DEMO,
  address: '127.0.0.1/8',
  dhcp: { port: 0, subnets: [{ subnet: '127.0.0.0/8', pools: ['127.5.0.1-127.5.0.200'] }] },
  tftp: { root: 'tftp', port: 0 },
  http: { port: 0 },
};

/** A running server and a client's network beside it. */
async function start(config: ConfigInput = LOOPBACK, hooks = {}) {
  const folder = folderOf(DEMO_FILES);
  const network = await LiveNetwork.open({ server: '127.0.0.1', clientPort: 0, timeout: 1500 });
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
    const told = types(server).filter((type, index, all) => type !== all[index - 1]);
    expect(told).toEqual([
      'server.start',
      'server.ready',
      'machine.seen',
      'dhcp.offer',
      'dhcp.ack',
      'tftp.done',
      'tftp.missing',
      'tftp.done',
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
    const { server, network } = await start({ ...LOOPBACK, unknown: 'deny' });
    await expect(boot(network, { mac: '52:54:00:99:99:99' })).rejects.toMatchObject({ code: 'SERVER_SIMULATION', step: 'DISCOVER' });
    expect(server.events.history.find(({ type }) => type === 'dhcp.ignored')).toMatchObject({ mac: '52:54:00:99:99:99' });
  }, 20_000);

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

  it('take another configuration as a whole, over the same sockets', async () => {
    const { server, network } = await start();
    await expect(server.reload({ ...LOOPBACK, machines: [{ name: 'a', mac: 'bad' }] })).rejects.toThrow();
    expect((await boot(network)).result.outcome).toBe('kernel');
    await server.reload({ ...LOOPBACK, unknown: 'discover', machines: [] });
    expect((await boot(network, { mac: '52:54:00:55:00:01' })).result.outcome).toBe('disk');
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
  it('cuts a download that runs and tells so', async () => {
    const folder = folderOf({ ...DEMO_FILES, 'images/demo/big': new Uint8Array(64 * 1024 * 1024) });
    const server = createServer({ ...LOOPBACK, dhcp: false, tftp: false }, { folder });
    await server.start();
    const response = await fetch(`${server.site.httpUrl}/images/demo/big`);
    await response.body?.getReader().read();
    await server.stop();
    expect(types(server).slice(-2)).toEqual(['http.aborted', 'server.stop']);
  });
});
