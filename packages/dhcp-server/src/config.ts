import type { BootAnswer, BootTable } from './boot.js';
import type { ClassMatch } from './classes.js';
import type { IdentityPolicy } from './identity.js';
import type { OptionValues } from './options.js';

/**
 * What the service does. Addresses are dotted strings, times are seconds. Values closer to the client win: host over
 * class over pool over subnet over the whole.
 */
export interface DhcpConfig {
  /** Networks that are served. A request that belongs to none of them is dropped and counted (`no-subnet`). */
  subnets: SubnetConfig[];
  /**
   * Whether this server knows all clients of its networks: it then answers NAK to a client that wants to keep an address
   * this server has no record of, where it would otherwise be silent (RFC 2131 section 4.3.2). Default false.
   */
  authoritative?: boolean;
  /**
   * The address clients and relays reach this server at, where that is no address of this machine (a container behind
   * NAT): server identifier and next-server. Default: the address of the interface that the request came to.
   */
  advertise?: string;
  /** By what a client is known again. Default `mac-then-client-id`. */
  identity?: IdentityPolicy;
  /** Default 3600 s; a number means all three are that. */
  leaseTime?: LeaseTime;
  /** How long an offered address is kept for the client that it was offered to. Default 30 s. */
  offerTime?: number;
  /** How long a declined address is not given out. Default 600 s. */
  quarantine?: number;
  /** Option values for everybody, by name or code. */
  options?: OptionValues;
  /** Named sets of clients; see {@link ClassMatch}. */
  classes?: ClientClass[];
  /** Machines that are known; an address may stand in any served subnet. */
  reservations?: ReservationConfig[];
  /** Whether machines without a reservation get an address. Default `allow`. */
  unknownClients?: 'allow' | 'deny';
  /** BOOTP clients (no option 53): by reservation only, from pools too (leases without end), or not at all. Default `static`. */
  bootp?: 'off' | 'static' | 'dynamic';
  /** What a client that boots from the network gets, by its kind. A `boot` hook of the server comes before it. */
  boot?: BootTable;
  /** Where boot file and server name stand in a reply. Default `both`: shim reads the header, some ROMs only the options. */
  bootFields?: 'both' | 'header' | 'options';
  /** NUL at the end of option 67 (and 66): some PXE ROMs read on past the option otherwise. Default `filename`. */
  nulTerminate?: 'filename' | 'both' | 'none';
  /** Echo the client identifier (RFC 6842). Default true. */
  echoClientId?: boolean;
  /** Answer leasequery (RFC 4388) from these addresses or networks (CIDR). Default: nobody. */
  leasequery?: string[];
  limits?: Limits;
}

export type LeaseTime = number | { default: number; min?: number; max?: number };

export interface SubnetConfig {
  /** `192.168.7.0/24` */
  subnet: string;
  /** Subnets with the same name are one link: a client may get an address of any of them. */
  sharedNetwork?: string;
  /**
   * `dhcp` (default) gives addresses; `proxy` only adds boot answers to the offers of another server (PXE 2.1).
   */
  mode?: 'dhcp' | 'proxy';
  /** Addresses to give out; without pools only reservations are served. `'10.0.0.10-10.0.0.99'` stands for one plain pool. */
  pools?: (string | PoolConfig)[];
  /** Addresses and ranges in the pools that are never given out. The server's own addresses never are. */
  exclude?: string[];
  options?: OptionValues;
  leaseTime?: LeaseTime;
  authoritative?: boolean;
  unknownClients?: 'allow' | 'deny';
  reservations?: ReservationConfig[];
  /** Relays (giaddr) outside of the subnet whose requests belong to it. */
  relays?: string[];
  /** The default for `nextServer` of boot answers here. Default: the address of the server that the client talks to. */
  nextServer?: string;
  boot?: BootTable;
}

export interface PoolConfig {
  /** `10.0.0.10-10.0.0.99` or `10.0.0.64/26` */
  range: string;
  /** Only for members of one of these classes. */
  classes?: string[];
  /** Not for members of these classes. */
  denyClasses?: string[];
  /** Only for machines with (`known`) or without (`unknown`) a reservation. Default: both. */
  clients?: 'known' | 'unknown';
  leaseTime?: LeaseTime;
  options?: OptionValues;
}

/** A machine, named by at least one of its marks; the first mark that fits decides, in the order they stand here. */
export interface ReservationConfig {
  /** `52:54:00:12:34:56` */
  mac?: string;
  /** Option 61 in hexadecimal. */
  clientId?: string;
  /** Option 97, as the client writes it (the order of bytes on the wire): `44454c4c-4200-1035-…`, hyphens optional. */
  uuid?: string;
  /** Agent circuit identifier (82.1): text, or hexadecimal after `0x`. */
  circuitId?: string;
  /** Agent remote identifier (82.2): text, or hexadecimal after `0x`. */
  remoteId?: string;
  /** The address; without it the machine is merely known. */
  address?: string;
  hostname?: string;
  options?: OptionValues;
  leaseTime?: LeaseTime;
  boot?: BootTable | BootAnswer;
  /** Classes the machine is a member of, whatever it sends. */
  classes?: string[];
  /** Never answered. */
  ignore?: boolean;
}

export interface ClientClass {
  name: string;
  match: ClassMatch;
  options?: OptionValues;
  leaseTime?: LeaseTime;
  boot?: BootTable;
  /** Members are not answered. */
  ignore?: boolean;
}

/** Against floods. A source is a relay port (giaddr and circuit identifier) or, for direct clients, the local interface. */
export interface Limits {
  /** Clients without a lease that one source may bring to an address per second. Default: no limit. */
  newLeasesPerSecond?: number;
  /** How many of them at once before the rate counts. Default: 10 seconds' worth. */
  newLeasesBurst?: number;
  /** Offers remembered at a time; the oldest is forgotten first. An offer takes about 200 bytes. Default 4096. */
  offers?: number;
  /** Requests that wait for the disk or a hook; more are dropped (`busy`), DISCOVERs from a tenth of it on. Default 10000. */
  waiting?: number;
}
