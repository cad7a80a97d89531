import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createConnection, isIP } from 'node:net';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { decode, discover, encode, get } from '@pxekit/dhcp';
import { librariesOf, MENU_MODULES } from '@pxekit/pxelinux';
import { get as tftpGet } from '@pxekit/tftp';
import { localAddresses, ownAddress } from './address.js';
import { checkSite } from './check.js';
import { type LoadedConfig, loadConfig } from './config/load.js';
import { DOCTOR_MAC } from './core.js';
import { checkNfs } from './doctor/nfs.js';
import { contains, network, parseIpv4, parsePool } from './ipv4.js';
import { loaderPackages } from './loaders.js';
import { localSite, openMachines } from './offline.js';
import type { Platform } from './platforms.js';
import { findPortHolder } from './ports.js';
import type { Image, Site } from './site.js';
import { usesInstPrefix } from './treeinfo.js';

/** One thing that was looked at. */
export interface DoctorItem {
  /** Stable name, such as `port/dhcp`. */
  id: string;
  status: 'ok' | 'warn' | 'fail';
  message: string;
  /** What to do, for `warn` and `fail`. */
  fix?: string | undefined;
}

export interface DoctorOptions {
  /** Milliseconds to listen for other DHCP servers; 0 leaves that out. Default: 2000. */
  listen?: number;
}

const ok = (id: string, message: string): DoctorItem => ({ id, status: 'ok', message });
const warn = (id: string, message: string, fix: string): DoctorItem => ({ id, status: 'warn', message, fix });
const fail = (id: string, message: string, fix: string): DoctorItem => ({ id, status: 'fail', message, fix });

/**
 * Looks at everything that commonly keeps a machine from booting, one item after another, with the cause and the fix.
 * It changes nothing. With a server running it fetches that server's files through real sockets.
 */
export async function* doctor(file: string, { listen = 2000 }: DoctorOptions = {}): AsyncGenerator<DoctorItem> {
  yield checkNode();
  const { findings } = await checkSite(file);
  const [errors, warnings] = ['error', 'warning'].map((severity) => findings.filter((each) => each.severity === severity)) as [
    typeof findings,
    typeof findings,
  ];
  const first = errors[0] ?? warnings[0];
  if (errors.length > 0)
    yield fail(
      'configuration',
      `${errors.length} errors; the first: ${first?.message}`,
      '`pxekit check` shows all of them with their lines.',
    );
  else if (warnings.length > 0)
    yield warn(
      'configuration',
      `${warnings.length} warnings; the first: ${first?.message}`,
      '`pxekit check` shows all of them with their lines.',
    );
  else yield ok('configuration', 'the configuration and every kickstart are in order');
  let loaded: LoadedConfig;
  try {
    loaded = loadConfig(file);
  } catch {
    return;
  }
  const site = localSite(loaded);
  yield* checkNetwork(loaded, site);
  yield* checkPorts(site);
  yield* checkFirewall();
  yield* checkSelinux(loaded, site);
  yield* checkLoaders(site);
  yield* checkImages(site);
  yield* checkPermissions(site);
  yield* checkRunning(site);
  yield* checkAddresses(loaded, site);
  yield* checkNfs(site);
  if (listen > 0) yield await checkOtherServers(site, listen);
}

function checkNode(): DoctorItem {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 19)
    ? ok('node', `Node.js ${process.versions.node}`)
    : fail('node', `Node.js ${process.versions.node} is too old`, 'Install Node.js 20.19 or later.');
}

function* checkNetwork({ config }: LoadedConfig, site: Site): Generator<DoctorItem> {
  try {
    const own = ownAddress(config);
    const address = own.replace(/\/.*/, '');
    const card = localAddresses().find((each) => each.address === address);
    if (!card) {
      yield fail(
        'network/card',
        `no network card has the address ${address}`,
        'Correct `address`, or give a card that address: `ip address add`.',
      );
      return;
    }
    yield ok('network/card', `${card.interface} has ${own}`);
    const state = readText(`/sys/class/net/${card.interface}/carrier`);
    if (state === '0')
      yield fail('network/link', `${card.interface} has no link`, 'Plug in the cable, or bring the port of the switch up.');
    for (const { config: subnet, network: net } of site.subnets) {
      const boot = parseIpv4(subnet.nextServer ?? address);
      if (boot !== undefined && !contains(net, boot) && subnet.routers.length === 0) {
        yield fail(
          'network/next-server',
          `clients of ${subnet.subnet} cannot reach the boot server ${subnet.nextServer ?? address}`,
          'Add `routers` to the subnet, or correct `nextServer`.',
        );
      } else yield ok('network/next-server', `clients of ${subnet.subnet} load from ${subnet.nextServer ?? address}`);
    }
  } catch (error) {
    yield fail('network/card', (error as Error).message, (error as { hint?: string }).hint ?? 'Set `interface` or `address`.');
  }
}

function* checkPorts(site: Site): Generator<DoctorItem> {
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

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Only what can be told without a privilege: whether a firewall is loaded. */
function* checkFirewall(): Generator<DoctorItem> {
  const units = ['firewalld', 'ufw', 'nftables'].filter((name) => existsSync(`/run/systemd/units/invocation:${name}.service`));
  const tables = readText('/proc/net/ip_tables_names');
  if (units.length === 0 && !tables) {
    yield ok('firewall', 'no firewall service is seen');
    return;
  }
  const fix =
    units[0] === 'ufw'
      ? 'ufw allow 67/udp; ufw allow 69/udp; ufw allow 80/tcp'
      : units[0] === 'firewalld'
        ? 'firewall-cmd --permanent --add-service=dhcp --add-service=tftp --add-service=http && firewall-cmd --reload'
        : 'nft add rule inet filter input udp dport { 67, 69, 4011 } accept; nft add rule inet filter input tcp dport 80 accept';
  yield warn(
    'firewall',
    `${units[0] ?? 'iptables'} filters packets`,
    `Let DHCP, TFTP and HTTP in where they are not yet, for example: ${fix}`,
  );
}

/** SELinux stays on: what is wrong are labels and booleans. */
function* checkSelinux({ folder }: LoadedConfig, site: Site): Generator<DoctorItem> {
  if (readText('/sys/fs/selinux/enforce') !== '1') {
    yield ok('selinux', 'SELinux is not enforcing');
    return;
  }
  const { tftp } = site.config;
  const root = tftp !== false && tftp.root !== undefined ? resolvePath(folder, tftp.root) : folder;
  yield warn(
    'selinux',
    'SELinux is enforcing',
    `Files need labels that the service may read. Look with \`ausearch -m avc -ts recent\`; to label: semanage fcontext -a -t public_content_t '${root}(/.*)?' && restorecon -R ${root}`,
  );
}

function* checkLoaders(site: Site): Generator<DoctorItem> {
  const wanted: Platform[] = ['bios', 'uefi-x64', 'uefi-arm64', 'uefi-http-x64'];
  for (const platform of wanted) {
    const id = `loader/${platform}`;
    const loader = site.loaders[platform];
    if (!loader) {
      yield warn(
        id,
        `no boot program for ${platform}: such machines get an address and no file`,
        `Install ${loaderPackages(platform)}, or name a file under \`loaders\`.`,
      );
      continue;
    }
    const have = site.modules[platform];
    if (loader.kind !== 'pxelinux' || !have) {
      yield ok(id, `${platform} loads ${loader.name} (${loader.file})`);
      continue;
    }
    const ui = site.config.menu.ui ?? 'menu.c32';
    const core = platform === 'bios' ? 'ldlinux.c32' : 'ldlinux.e64';
    const needed = [core, ui, ...(MENU_MODULES.includes(ui) ? librariesOf(ui) : [])];
    const missing = needed.filter((name) => !have.has(name));
    if (missing.length > 0)
      yield fail(
        id,
        `${missing.join(', ')} missing for ${loader.name}`,
        `Copy them from the same SYSLINUX version as ${loader.file}, or install ${loaderPackages(platform)}.`,
      );
    else yield ok(id, `${platform} loads ${loader.name} with ${needed.join(', ')}`);
  }
}

function* checkImages(site: Site): Generator<DoctorItem> {
  for (const image of site.images.values()) {
    const id = `image/${image.name}`;
    const files = [image.kernel, ...image.initrds];
    const missing = files.filter((file) => !isFile(join(image.folder, file)));
    if (missing.length > 0) {
      yield fail(
        id,
        `${missing.join(', ')} missing in ${image.folder}`,
        'Copy the whole tree, hidden files included (`cp -a DVD/. FOLDER`), or correct `kernel` and `initrd`.',
      );
      continue;
    }
    const foreign = files.filter((file) => !matchesTree(image, file));
    if (foreign.length > 0)
      yield fail(
        id,
        `${foreign.join(', ')} does not belong to this tree: the digest in .treeinfo is another`,
        'Kernel, initrd and tree must be of one release: copy all three from the same medium.',
      );
    else if (!isLinuxKernel(join(image.folder, image.kernel)))
      yield warn(
        id,
        `${image.kernel} is no Linux kernel that boot loaders take`,
        'Take `vmlinuz`, the compressed kernel of the installer, not `vmlinux`.',
      );
    else
      yield ok(
        id,
        `${image.kernel} and ${image.initrds.join(', ')}${image.treeInfo ? ` of ${image.treeInfo.family} ${image.treeInfo.version}` : ''}`,
      );
    const repository = image.isTree ? ['repodata', 'Packages', 'BaseOS'].some((name) => existsSync(join(image.folder, name))) : true;
    if (!repository)
      yield warn(
        `${id}/repository`,
        `${image.folder} has no package repository`,
        `Name one in the kickstart (\`url --url=\`) or with ${usesInstPrefix(image.release) ? 'inst.repo=' : 'method='}.`,
      );
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function matchesTree(image: Image, file: string): boolean {
  const expected = image.treeInfo?.checksums[file];
  const [algorithm, digest] = expected?.split(':') ?? [];
  if (algorithm === undefined || digest === undefined || !['sha256', 'sha1', 'md5'].includes(algorithm)) return true;
  return (
    createHash(algorithm)
      .update(readFileSync(join(image.folder, file)))
      .digest('hex') === digest
  );
}

/** The boot protocol's magic at 0x202 (x86), a PE header with an EFI stub (`MZ`), or a gzip stream (other machines). */
function isLinuxKernel(path: string): boolean {
  const head = readFileSync(path).subarray(0, 0x206);
  const magic = head.subarray(0x202, 0x206).toString('latin1');
  return magic === 'HdrS' || head.subarray(0, 2).toString('latin1') === 'MZ' || (head[0] === 0x1f && head[1] === 0x8b);
}

/** Whether the user that the server becomes may read what it serves. */
function* checkPermissions(site: Site): Generator<DoctorItem> {
  const { tftp } = site.config;
  const places = [
    ...[...site.images.values()].map(({ folder }) => folder),
    ...(tftp !== false && tftp.root !== undefined ? [resolvePath(site.folder, tftp.root)] : []),
  ];
  for (const place of places) {
    const closed = closedFolder(place);
    if (closed === undefined) yield ok('permissions', `${place} can be read by everybody`);
    else
      yield warn('permissions', `${closed} is closed to other users`, `A server that runs as \`user\` must read it: chmod o+rx ${closed}`);
  }
}

/** The first folder on the way to a path that others may not enter. */
function closedFolder(path: string): string | undefined {
  for (let at = path; ; at = dirname(at)) {
    const stats = statSync(at, { throwIfNoEntry: false });
    if (stats && (stats.mode & 0o005) !== 0o005 && stats.isDirectory()) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** Fetches files of a running server through its own sockets. */
async function* checkRunning(site: Site): AsyncGenerator<DoctorItem> {
  const { tftp, http } = site.config;
  if (http !== false && http.port !== 0 && (await isOpen(site.address, http.port))) {
    const [image] = site.images.values();
    const url = `${site.httpUrl}${image ? `/images/${image.name}/${image.kernel}` : '/'}`;
    const status = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(3000) }).then(
      (response) => response.status,
      (error: Error) => error.message,
    );
    if (status === 200) yield ok('fetch/http', `${url} is served`);
    else yield fail('fetch/http', `${url} gave ${status}`, 'Is the server that holds the port this one? `pxekit doctor` names it above.');
  }
  if (tftp !== false && tftp.port !== 0 && findPortHolder('udp', tftp.port)) {
    const file = site.loaders.bios?.name ?? 'pxelinux.cfg/default';
    try {
      const { data } = await tftpGet({ host: site.address, port: tftp.port, filename: file }, { retransmission: { giveUp: 3000 } });
      yield ok('fetch/tftp', `${file} came over TFTP, ${data.length} bytes`);
    } catch (error) {
      yield fail(
        'fetch/tftp',
        `${file} did not come over TFTP: ${(error as Error).message}`,
        'A firewall may stop TFTP: it answers from a new port for each transfer.',
      );
    }
  }
}

function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = createConnection({ host, port, timeout: 1000 }, () => {
      socket.destroy();
      done(true);
    });
    for (const event of ['error', 'timeout'] as const) socket.on(event, () => done(!socket.destroy()));
  });
}

/** How many addresses the pools have, and how many machines are known. */
function* checkAddresses(loaded: LoadedConfig, site: Site): Generator<DoctorItem> {
  const machines = openMachines(loaded);
  const seen = new Set((machines?.all() ?? []).map(({ address }) => address));
  machines?.close();
  for (const { config, network: net } of site.subnets) {
    const size = config.pools.reduce((sum, text) => {
      const range = parsePool(text);
      return sum + (range ? range.last - range.first + 1 : 0);
    }, 0);
    const used = [...seen].filter((address) => address !== undefined && contains(net, parseIpv4(address) ?? 0)).length;
    const id = `addresses/${config.subnet}`;
    if (size === 0 && site.config.machines.every(({ address }) => address === undefined))
      yield fail(id, `${config.subnet} has no pool and no machine has an address`, 'Add `pools` to the subnet.');
    else if (size > 0 && used >= size)
      yield fail(id, `all ${size} addresses of ${config.subnet} have been given out`, 'Make the pool larger, or shorten `leaseTime`.');
    else yield ok(id, `${config.subnet}: ${size} addresses in pools, ${used} machines seen`);
  }
}

/** Asks for an address and listens who offers one; needs port 68. Nothing is taken. */
async function checkOtherServers(site: Site, listen: number): Promise<DoctorItem> {
  const id = 'dhcp/other-servers';
  const { dhcp } = site.config;
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  const offers = new Map<string, string>();
  const xid = Math.floor(Math.random() * 2 ** 32);
  try {
    await new Promise<void>((done, refuse) => {
      socket.once('error', refuse);
      socket.bind(68, '0.0.0.0', done);
    });
  } catch {
    socket.close();
    return warn(id, 'port 68 cannot be opened, so nobody was asked', 'Run `pxekit doctor` as root to look for other DHCP servers.');
  }
  socket.setBroadcast(true);
  socket.on('message', (bytes, peer) => {
    try {
      const { message } = decode(bytes);
      if (message.xid === xid && message.op === 2) offers.set(get(message, 'serverIdentifier') ?? peer.address, message.yiaddr);
    } catch {}
  });
  const message = discover({ chaddr: DOCTOR_MAC, xid, flags: 0x8000 });
  const card = localAddresses().find(({ address }) => address === site.address);
  const { last } = network(parseIpv4(site.address) ?? 0, card?.prefix ?? 24);
  const broadcast = isIP(site.address) ? [24, 16, 8, 0].map((shift) => (last >>> shift) & 255).join('.') : '255.255.255.255';
  await new Promise<void>((done) => void socket.send(encode(message), 67, broadcast, () => done()));
  await new Promise((done) => setTimeout(done, listen));
  socket.close();
  offers.delete(site.address);
  const others = [...offers].map(([server, address]) => `${server} (offers ${address})`).join(', ');
  if (others === '')
    return dhcp !== false && dhcp.mode === 'proxy'
      ? warn(id, 'no other DHCP server answered', '`dhcp.mode: proxy` needs one beside it.')
      : ok(id, 'no other DHCP server answers');
  return dhcp !== false && dhcp.mode === 'proxy'
    ? ok(id, `addresses come from ${others}`)
    : fail(id, `another DHCP server answers: ${others}`, 'Stop one of the two, or run beside it with `dhcp: { mode: proxy }`.');
}
