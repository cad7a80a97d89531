// One test for each row of what the classic guides ask for, and what answers it here. Details are tested beside each part.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ConfigInput,
  checkSite,
  createServer,
  doctor,
  exportsLine,
  findBootFile,
  importDhcpd,
  importHttpd,
  importPxelinux,
  importXinetd,
  listBootTree,
  loadConfig,
  localDecider,
  OfflineNetwork,
  resolve,
  type SimulatedStep,
  walk,
} from '@pxekit/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { DEMO, DEMO_FILES, folderOf, siteOf } from './site-of.js';

const MAC = '52:54:00:12:34:56';

function fileOf(config: ConfigInput = DEMO, files: Record<string, string> = {}): string {
  return join(folderOf({ ...DEMO_FILES, ...files, 'pxekit.yaml': stringify(config) }), 'pxekit.yaml');
}

async function simulate(file: string, client: Parameters<typeof walk>[0]['client'] = 'bios') {
  const network = await OfflineNetwork.open(loadConfig(file));
  onTestFinished(() => network.close());
  const steps: SimulatedStep[] = [];
  let xid = 1;
  const run = walk({ client, mac: MAC, network, clock: () => 0, random: () => xid++ });
  let step = await run.next();
  for (; !step.done; step = await run.next()) steps.push(step.value);
  return { steps, result: step.value };
}

describe('the table of the guides', () => {
  it('dhcpd.conf becomes a configuration; every statement is accounted for, lost spaces are named with the fix', () => {
    const text = `ddns-update-style none;
SUBNET 10.0.0.0 netmask 255.255.255.0 {
  range 10.0.0.10 10.0.0.20; option routers 10.0.0.1; next-server10.0.0.1; filename"pxelinux.0";
  host a { hardware ethernet 52:54:00:00:00:01; fixed-address 10.0.0.5; }
}
`;
    const { config, statements, problems } = importDhcpd(text);
    expect(config).toMatchObject({
      dhcp: { subnets: [{ subnet: '10.0.0.0/24', pools: ['10.0.0.10-10.0.0.20'], routers: ['10.0.0.1'] }] },
      machines: [{ name: 'a', mac: '52:54:00:00:00:01', address: '10.0.0.5' }],
    });
    expect(statements.map(({ verdict }) => verdict)).not.toContain('unsupported');
    expect(statements[0]).toMatchObject({ line: 1, verdict: 'not-needed' });
    expect(problems.map(({ line }) => line)).toEqual([3, 3]);
  });

  it('/etc/xinetd.d/tftp becomes the TFTP section', () => {
    const { config } = importXinetd('service tftp\n{\n disable = no\n server_args = -s /srv/tftp -c\n per_source = 7\n}\n');
    expect(config.tftp).toMatchObject({ root: '/srv/tftp', uploads: true, maxTransfersPerClient: 7 });
  });

  it('the check that a client is legitimate: allow, deny and discover', () => {
    const decide = (unknown: 'allow' | 'deny' | 'discover') =>
      resolve(siteOf({ ...DEMO, unknown }), { mac: '52:54:00:99:99:99' }, 'action', { now: 0 });
    expect(decide('allow').action).toBe('menu');
    expect(decide('deny').ignored).toContain('52:54:00:99:99:99');
    expect(decide('discover').action).toBe('local');
  });

  it('the TFTP tree: real files, files made per machine, and boot programs of installed packages', () => {
    const { site, decide } = localDecider(loadConfig(fileOf()));
    const names = listBootTree(site, { mac: MAC }, decide).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['pxelinux.0', 'ldlinux.c32', 'pxelinux.cfg/01-52-54-00-12-34-56', 'images/demo/vmlinuz']),
    );
    expect(findBootFile(site, 'pxelinux.0', () => undefined, decide)).toMatchObject({ kind: 'file', rule: 'file in the TFTP root' });
  });

  it('isolinux.cfg and menus: imported, and made from images and profiles', () => {
    const { config } = importPxelinux(
      'default menu.c32\nlabel a\n menu label CentOS 6\n kernel c6/vmlinuz\n append initrd=c6/initrd.img\n',
      { root: '/srv/tftp' },
    );
    expect(Object.values(config.profiles ?? {})[0]).toMatchObject({ title: 'CentOS 6' });
    const { menu } = resolve(
      siteOf({ ...DEMO, profiles: { a: { image: 'demo' }, b: { image: 'demo' } } }),
      { mac: '52:54:00:99:99:99' },
      'configuration',
      { now: 0 },
    );
    expect(menu?.entries.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('mount, copy, Alias and directory index: images over HTTP, and httpd files imported', async () => {
    const { config } = importHttpd('Alias /pub /var/ftp/pub\n');
    expect(config.http).toMatchObject({ aliases: { '/pub': '/var/ftp/pub' } });
    const folder = folderOf(DEMO_FILES);
    const server = createServer({ ...DEMO, address: '127.0.0.1/8', dhcp: false, tftp: false, http: { port: 0 } }, { folder });
    await server.start();
    onTestFinished(() => server.stop());
    const get = (headers = {}) => fetch(`${server.site.httpUrl}/images/demo/vmlinuz`, { headers });
    expect((await get({ range: 'bytes=0-1' })).status).toBe(206);
    expect((await get({ 'if-none-match': (await get()).headers.get('etag') as string })).status).toBe(304);
    expect(await (await fetch(`${server.site.httpUrl}/images/demo/`)).text()).toContain('href="vmlinuz"');
  });

  it('kernel arguments are checked by release', async () => {
    const file = fileOf({
      ...DEMO,
      images: { demo: { folder: 'images/demo', kernel: 'vmlinuz', release: 'RHEL9', arguments: 'ksdevice=eth0 method=http://x/' } },
    });
    const { findings } = await checkSite(file);
    expect(findings.map(({ code }) => code)).toContain('ks/unread-kernel-argument');
  });

  it('ks.cfg is rendered for each machine, linted, and served', async () => {
    const { result } = await simulate(fileOf());
    expect(result.kickstart).toContain('network --hostname=m1');
    const { findings } = await checkSite(fileOf(DEMO, { 'ks.cfg.liquid': '{{ nothing }}' }));
    expect(findings.map(({ code }) => code)).toContain('config/template');
  });

  it('vsftpd: read-only FTP over the same tree, off by default', async () => {
    expect(loadConfig(fileOf()).config.ftp).toBe(false);
    const server = createServer(
      { ...DEMO, address: '127.0.0.1/8', dhcp: false, tftp: false, http: false, ftp: { port: 0 } },
      { folder: folderOf(DEMO_FILES) },
    );
    await server.start();
    onTestFinished(() => server.stop());
    expect(server.listens.ftp).toHaveLength(1);
  });

  it('NFS: the exports line, and whether nfs: addresses can be reached', async () => {
    expect(exportsLine('/srv/images/a b', '10.0.0.0/24')).toBe('/srv/images/a\\040b 10.0.0.0/24(ro,async,no_subtree_check)');
    const file = fileOf({
      ...DEMO,
      images: { demo: { folder: 'images/demo', kernel: 'vmlinuz', arguments: 'inst.repo=nfs:127.0.0.1:/srv/tree' } },
    });
    const items = [];
    for await (const item of doctor(file, { listen: 0 })) items.push(item);
    expect(items.find(({ id }) => id === 'nfs')).toMatchObject({ status: 'fail', message: expect.stringContaining('127.0.0.1:/srv/tree') });
  });

  it('the boot flow, steps 1 to 8: simulated with packets, files and bytes', async () => {
    const { steps } = await simulate(fileOf());
    expect(steps.map(({ stage }) => stage).filter((stage, index, all) => stage !== all[index - 1])).toEqual([
      'dhcp',
      'program',
      'configuration',
      'kernel',
      'installer',
      'kickstart',
    ]);
    expect(steps.every(({ bytes, answered }) => bytes > 0 || answered === 'not found')).toBe(true);
  });

  it('the address stays the same between boot ROM and installer', async () => {
    const { steps } = await simulate(fileOf());
    expect(steps.find(({ stage }) => stage === 'installer')).toMatchObject({
      answered: expect.stringContaining('the same address'),
      warnings: [],
    });
  });

  it('the trouble-shooting list: each item ok, warn or fail, with cause and fix', async () => {
    const items = [];
    for await (const item of doctor(fileOf(), { listen: 0 })) items.push(item);
    const ids = items.map(({ id }) => id.split('/')[0]);
    expect(ids).toEqual(
      expect.arrayContaining([
        'node',
        'configuration',
        'network',
        'port',
        'firewall',
        'selinux',
        'loader',
        'image',
        'permissions',
        'addresses',
      ]),
    );
    expect(items.filter(({ status }) => status !== 'ok').every(({ fix }) => fix !== undefined)).toBe(true);
    expect(JSON.stringify(items)).not.toMatch(/setenforce 0|SELINUX=disabled/i);
  });

  it('who is installing what: states, install once, call home, and a deadline', () => {
    const decide = (memory: Parameters<typeof resolve>[1]['memory']) =>
      resolve(siteOf(), { mac: MAC, memory }, 'action', { now: 10_000_000 }).action;
    expect(decide({ state: 'armed' })).toBe('install');
    expect(decide({ state: 'installed' })).toBe('local');
    expect(decide({ state: 'installing', kickstartAt: 9_000_000 })).toBe('install');
    expect(decide({ state: 'installing', kickstartAt: 0 })).toBe('local');
  });
});

describe('what else', () => {
  it('GRUB, iPXE and UEFI HTTP Boot answer from the same description', async () => {
    const files = { 'tftp/shimx64.efi': 'shim', 'tftp/grubx64.efi': 'grub', 'tftp/ipxe.efi': 'ipxe' };
    expect((await simulate(fileOf(DEMO, files), 'uefi-x64')).result.kernel).toBe('/images/demo/vmlinuz');
    expect((await simulate(fileOf({ ...DEMO, ipxe: 'script' }, files), 'ipxe')).result.kernel).toBe('http://10.77.0.1/images/demo/vmlinuz');
    const http = await simulate(fileOf({ ...DEMO, loaders: { 'uefi-http-x64': 'ipxe.efi' } }, files), 'uefi-http');
    expect(http.steps.find(({ stage }) => stage === 'program')?.asked).toContain('HTTP GET http://10.77.0.1/boot/ipxe.efi');
    expect(http.result.outcome).toBe('kernel');
  });

  it('leaves addresses to another server in proxy mode', async () => {
    const config: ConfigInput = { ...DEMO, dhcp: { mode: 'proxy', subnets: [{ subnet: '10.77.0.0/24' }] } };
    const network = await OfflineNetwork.open(loadConfig(fileOf(config)));
    onTestFinished(() => network.close());
    const run = walk({ client: 'bios', mac: MAC, network, clock: () => 0, random: () => 7 });
    const first = (await run.next()).value as SimulatedStep;
    expect(first.answered).toMatch(/^OFFER without address from proxy 10\.77\.0\.1, boot file pxelinux\.0/);
  });

  it('keeps the example files of the guide as guides print them', () => {
    const folder = new URL('../../../examples/classic/', import.meta.url);
    for (const name of ['dhcpd.conf', 'xinetd-tftp', 'httpd.conf', 'ks.cfg', 'tftpboot/pxelinux.cfg/default'])
      expect(existsSync(new URL(name, folder)), name).toBe(true);
    expect(readFileSync(new URL('dhcpd.conf', folder), 'utf8')).toContain('ddns-update-style');
  });
});
