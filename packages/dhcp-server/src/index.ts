// A DHCP, BOOTP and proxyDHCP service for network boot.
//
//   const server = createDhcpServer({
//     subnets: [{ subnet: '192.168.7.0/24', pools: ['192.168.7.100-192.168.7.200'], options: { routers: ['192.168.7.1'] } }],
//     boot: { bios: 'pxelinux.0', 'uefi-x64': 'grubx64.efi', ipxe: 'http://192.168.7.1/boot.ipxe' },
//     leases: '/var/lib/pxekit/leases.db',
//   });
//   await server.start();

export { type ActivatedSocket, activatedSockets } from './activation.js';
export type { BootAnswer, BootKind, BootMenu, BootMenuItem, BootTable } from './boot.js';
export type { ClassFields, ClassMatch } from './classes.js';
export { type Clock, systemClock } from './clock.js';
export { CODES, type DhcpServerCode } from './codes.js';
export type { ClientClass, DhcpConfig, LeaseTime, Limits, PoolConfig, ReservationConfig, SubnetConfig } from './config.js';
export type { Counters } from './counters.js';
export type { Directive, DropReason, Effect, HandlerInput, Outcome, Reply, RespondContext } from './decision.js';
export { DhcpServerError } from './errors.js';
export { type Endpoint, type Request, RequestFacts } from './facts.js';
export type { DropEvent, Handlers, Hooks, LeaseEvent, OfferEvent, ReplyEvent } from './hooks.js';
export type { IdentityPolicy } from './identity.js';
export { LeaseBook, type LeasesView, type Offer } from './leases/book.js';
export { type ComplianceCheck, type ComplianceSubject, leaseStoreCompliance } from './leases/compliance.js';
export { leasesFromCsv, leasesFromJson, leasesToCsv, leasesToJson } from './leases/format.js';
export { memoryLeaseStore } from './leases/memory.js';
export { type SqliteLeaseStoreOptions, sqliteLeaseStore } from './leases/sqlite.js';
export type { Lease, LeaseState, LeaseStore } from './leases/store.js';
export type { OptionValues } from './options.js';
export { pingCheck } from './ping.js';
export { type Plan, plan } from './plan.js';
export { respond } from './respond.js';
export { createDhcpServer, type DhcpServer, type DhcpServerOptions } from './server.js';
export type { TraceStep } from './trace.js';
export { type Datagram, type ListenOptions, type Transport, udpTransport } from './transport.js';
