import { get, messageTypeName } from '@pxekit/dhcp';
import {
  type ActivatedSocket,
  type BootAnswer,
  createDhcpServer,
  type DhcpServer,
  type DhcpServerOptions,
  type Directive,
  type ListenOptions,
  type OptionValues,
  type RequestFacts,
  type SubnetConfig as ServiceSubnet,
  type Transport,
  udpTransport,
} from '@pxekit/dhcp-server';
import { localAddresses } from '../address.js';
import type { Config } from '../config/schema.js';
import { type Core, nameOf, see } from '../core.js';
import { contains, parseIpv4 } from '../ipv4.js';
import { architectureOf } from '../platforms.js';
import { explainListenError } from '../ports.js';
import type { BootClient, Decision } from '../resolve.js';
import type { Site, Subnet } from '../site.js';

type DhcpSection = Exclude<Config['dhcp'], false>;

/** The DHCP service of a site. */
export interface DhcpService {
  readonly listens: string[];
  readonly server: DhcpServer;
  stop(): Promise<void>;
  /** Makes ready for another site, with other sockets where they must be others. Nothing changes before `commit`. */
  prepare(site: Site, config: DhcpSection, leases: string): Promise<PreparedDhcp>;
}

export interface PreparedDhcp {
  /** Goes over to the other site; the leases stay. When that fails the service runs on as it was. */
  commit(): Promise<void>;
  cancel(): Promise<void>;
}

/** Opens the ports of DHCP, or takes over sockets; boot answers come from the resolver. */
export async function startDhcp(
  core: Core,
  site: Site,
  config: DhcpSection,
  leases: string,
  passed?: readonly ActivatedSocket[],
): Promise<DhcpService> {
  const make = (of: Site, options: DhcpSection, file: string, { transport }: DhcpSockets) =>
    createDhcpService(core, of, { leases: file, listen: listenOptions(of, options), transport });
  const placeOf = (of: Site, options: DhcpSection) =>
    passed ? 'passed' : JSON.stringify({ ...listenOptions(of, options), clientPort: undefined });
  let place = placeOf(site, config);
  let sockets = await openSockets(site, config, passed);
  let again = () => make(site, config, leases, sockets);
  let server = again();
  try {
    await server.start();
  } catch (error) {
    await sockets.close();
    throw error;
  }
  return {
    get listens() {
      return sockets.listens;
    },
    get server() {
      return server;
    },
    async prepare(of, options, file) {
      const nextPlace = placeOf(of, options);
      const nextSockets = nextPlace === place ? sockets : await openSockets(of, options, undefined);
      const cancel = async () => {
        if (nextSockets !== sockets) await nextSockets.close();
      };
      return {
        cancel,
        async commit() {
          const next = make(of, options, file, nextSockets);
          await server.stop();
          try {
            await next.start();
          } catch (error) {
            await cancel();
            server = again();
            await server.start();
            throw error;
          }
          const old = sockets;
          [server, sockets, place, again] = [next, nextSockets, nextPlace, () => make(of, options, file, nextSockets)];
          if (old !== nextSockets) await old.close();
        },
      };
    },
    async stop() {
      await server.stop();
      await sockets.close();
    },
  };
}

/** Sockets that outlive the servers over them. */
interface DhcpSockets {
  readonly listens: string[];
  readonly transport: Transport;
  close(): Promise<void>;
}

async function openSockets(site: Site, config: DhcpSection, passed: readonly ActivatedSocket[] | undefined): Promise<DhcpSockets> {
  const isServed = (address: string) => site.subnets.some(({ network }) => contains(network, parseIpv4(address) ?? 0));
  const sockets = udpTransport({ ...listenOptions(site, config), sockets: passed ?? [] }, isServed);
  let receive: Parameters<Transport['open']>[0] = () => {};
  const endpoints = await sockets
    .open((datagram) => receive(datagram))
    .catch((error: Error) => {
      throw explainListenError(error.cause, 'DHCP', 'udp', site.address, config.port) ?? error;
    });
  return {
    listens: [...new Set(endpoints.map(({ address, port }) => `udp ${address}:${port}`))],
    close: () => sockets.close(),
    transport: {
      open: async (next) => {
        receive = next;
        return endpoints;
      },
      send: (...parts) => sockets.send(...parts),
      close: async () => {
        receive = () => {};
      },
    },
  };
}

function listenOptions({ address }: Site, { port, clientPort, proxyPort }: DhcpSection): ListenOptions {
  const ports = { port, clientPort, ...(port === 67 ? { proxyPort } : port === 0 ? { proxyPort: 0 } : {}) };
  const local = localAddresses().find((each) => each.address === address);
  // Broadcasts come to the wildcard address only, so a card is named where there is one; loopback has no broadcasts.
  return local && !address.startsWith('127.') ? { ...ports, interfaces: [local.interface] } : { ...ports, address };
}

/** The configuration in the words of the DHCP service. */
export function serviceOptions(site: Site): DhcpServerOptions {
  const { config } = site;
  const dhcp = config.dhcp as DhcpSection;
  const subnets = site.subnets.length > 0 || dhcp.mode === 'server' ? site.subnets : proxySubnets(site);
  return {
    subnets: subnets.map((subnet) => serviceSubnet(subnet, dhcp)),
    authoritative: dhcp.authoritative,
    leaseTime: { default: dhcp.leaseTime, max: Math.max(dhcp.leaseTime, dhcp.maxLeaseTime) },
    bootp: dhcp.bootp ? 'static' : 'off',
    reservations: config.machines.flatMap(({ mac, address, hostname, name }) =>
      mac.map((each, index) => ({ mac: each, hostname: hostname ?? name, ...(address !== undefined && index === 0 ? { address } : {}) })),
    ),
  };
}

/** A proxy needs no description of the network: it answers on its own. */
function proxySubnets({ network, address }: Site): Subnet[] {
  const { prefix } = network ?? { prefix: 24 };
  return [
    {
      index: 0,
      network: network as Subnet['network'],
      config: { subnet: `${address}/${prefix}`, pools: [], routers: [], dns: [], domainSearch: [], ntp: [], options: {} },
    },
  ];
}

function serviceSubnet({ config }: Subnet, { mode }: DhcpSection): ServiceSubnet {
  const { routers, dns, ntp, domain, domainSearch, broadcast } = config;
  const options: OptionValues = {
    ...(routers.length > 0 ? { routers } : {}),
    ...(dns.length > 0 ? { domainNameServers: dns } : {}),
    ...(ntp.length > 0 ? { ntpServers: ntp } : {}),
    ...(domain === undefined ? {} : { domainName: domain }),
    ...(domainSearch.length > 0 ? { domainSearch } : {}),
    ...(broadcast === undefined ? {} : { broadcastAddress: broadcast }),
    ...(config.options as unknown as OptionValues),
  };
  const leaseTime =
    config.leaseTime === undefined && config.maxLeaseTime === undefined ? undefined : leaseTimes(config.leaseTime, config.maxLeaseTime);
  return {
    subnet: config.subnet,
    mode: mode === 'proxy' ? 'proxy' : 'dhcp',
    pools: config.pools,
    exclude: routers.filter((router) => parseIpv4(router) !== undefined),
    options,
    ...(leaseTime === undefined ? {} : { leaseTime }),
    ...(config.nextServer === undefined ? {} : { nextServer: config.nextServer }),
  };
}

function leaseTimes(normal: number | undefined, max: number | undefined) {
  const value = normal ?? max ?? 0;
  return { default: Math.min(value, max ?? value), max: max ?? value };
}

/** What a request says about the client, in the words of the resolver. */
export function clientOfRequest(core: Pick<Core, 'machines'>, facts: RequestFacts): BootClient {
  const { bootKind } = facts;
  const asksForFile = facts.parameterList?.includes(67) ?? false;
  return {
    mac: facts.hardware,
    uuid: facts.uuid,
    // A Raspberry Pi says it is an IBM PC.
    architecture: bootKind === 'raspberry-pi' ? architectureOf('rpi') : facts.architectures[0],
    ipxe: facts.isIpxe,
    http: facts.isHttpBoot,
    boots: bootKind !== undefined || facts.type === 0 || asksForFile,
    address: facts.message.giaddr !== '0.0.0.0' ? facts.message.giaddr : facts.local.address,
    memory: core.machines.get(facts.hardware),
  };
}

function bootAnswer({ bootFile }: Decision): BootAnswer | null {
  return bootFile ? { filename: bootFile.file, nextServer: bootFile.nextServer } : null;
}

/** The DHCP service of a site over any transport, in memory too. */
export function createDhcpService(core: Core, site: Site, options: Pick<DhcpServerOptions, 'leases' | 'listen' | 'transport'>): DhcpServer {
  return createDhcpServer({ ...serviceOptions(site), ...handlers(core), ...options });
}

const BOOTREQUESTS = new Set([0, 1, 3]);

function handlers(core: Core): Partial<DhcpServerOptions> {
  const who = (facts: RequestFacts) => ({ mac: facts.hardware, machine: nameOf(core.site, facts.hardware) });
  return {
    handle({ facts }): Directive | undefined {
      const client = clientOfRequest(core, facts);
      const decision = core.decide(client, 'machine');
      return decision.ignored === undefined ? undefined : { drop: decision.ignored };
    },
    resolveBoot({ facts }) {
      // The state changes when a machine is seen, so it is seen before the decision.
      if (BOOTREQUESTS.has(facts.type)) see(core, facts.hardware, { uuid: facts.uuid, architecture: facts.architectures[0] });
      return bootAnswer(core.decide(clientOfRequest(core, facts), 'loader'));
    },
    onReply({ facts, reply, to, bytes }) {
      const type = messageTypeName(get(reply, 'messageType') ?? 0)?.toLowerCase() ?? 'bootp';
      const { yiaddr, siaddr, file } = reply;
      const architecture = facts.architectures[0];
      core.events.emit(`dhcp.${type}`, {
        ...who(facts),
        request: messageTypeName(facts.type) ?? 'BOOTP',
        address: yiaddr === '0.0.0.0' ? undefined : yiaddr,
        bootFile: get(reply, 'bootfileName') || file || undefined,
        nextServer: siaddr === '0.0.0.0' ? undefined : siaddr,
        architecture,
        vendorClass: facts.vendorClass,
        userClass: facts.userClasses[0],
        relay: facts.message.giaddr === '0.0.0.0' ? undefined : facts.message.giaddr,
        to: `${to.address}:${to.port}`,
        bytes,
      });
    },
    onLease({ lease, facts }) {
      see(core, facts.hardware, { address: lease.address });
    },
    onRelease: ({ lease, facts }) => void core.events.emit('dhcp.release', { ...who(facts), address: lease.address }),
    onDecline: ({ lease, facts }) => void core.events.emit('dhcp.decline', { level: 'warn', ...who(facts), address: lease.address }),
    onDrop({ reason, source, facts, trace }) {
      const detail = trace.at(-1)?.found;
      if (facts === undefined) {
        core.events.emitOnce(`${reason} ${source.address}`, 'dhcp.malformed', {
          level: 'warn',
          peer: source.address,
          reason,
          message: detail,
        });
      } else {
        const key = `${reason} ${facts.hardware} ${facts.type}`;
        core.events.emitOnce(key, 'dhcp.ignored', {
          level: 'warn',
          ...who(facts),
          request: messageTypeName(facts.type) ?? 'BOOTP',
          reason,
          message: detail,
        });
      }
    },
    onError: (error) => void core.events.emit('dhcp.error', { level: 'error', code: error.code, message: error.message }),
  };
}
