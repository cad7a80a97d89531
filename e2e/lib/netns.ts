import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A network namespace of the test's own. Nothing in it reaches the machine's network. */
export class Namespace {
  readonly name: string;

  /** Makes a namespace with loopback up. Needs root. */
  constructor(purpose: string) {
    this.name = `pxekit-${purpose}-${randomBytes(3).toString('hex')}`;
    ip('netns', 'add', this.name);
    this.ip('link', 'set', 'lo', 'up');
  }

  /** Runs `ip` inside the namespace. */
  ip(...args: string[]): void {
    ip('-n', this.name, ...args);
  }

  /** Starts a program inside the namespace. */
  spawn(program: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    return spawn('ip', ['netns', 'exec', this.name, program, ...args], options);
  }

  /** Runs a program inside the namespace to its end and gives its standard output. */
  run(program: string, args: readonly string[], { timeout = 60_000 } = {}): string {
    return execFileSync('ip', ['netns', 'exec', this.name, program, ...args], {
      encoding: 'utf8',
      timeout,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  remove(): void {
    ip('netns', 'del', this.name);
  }
}

export interface Lan {
  /** Holds the bridge with the server's address; servers and virtual machines run here. */
  server: Namespace;
  /** Adds a namespace whose `eth0` is plugged into the bridge. */
  addHost(purpose: string, options?: { mac?: string; address?: string }): Namespace;
  /** Adds a tap device plugged into the bridge, for a virtual machine that runs in the server's namespace. */
  addTap(name: string): void;
  remove(): void;
}

/** A bridge `br0` with one address in a namespace of its own, and hosts or virtual machines plugged into it. */
export function createLan({ address }: { address: string }): Lan {
  const server = new Namespace('server');
  const hosts: Namespace[] = [];
  server.ip('link', 'add', 'br0', 'type', 'bridge', 'forward_delay', '0');
  server.ip('link', 'set', 'br0', 'up');
  server.ip('address', 'add', address, 'dev', 'br0');
  const addHost: Lan['addHost'] = (purpose, { mac, address } = {}) => {
    const host = new Namespace(purpose);
    const port = `veth${hosts.length}`;
    hosts.push(host);
    server.ip('link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', host.name);
    server.ip('link', 'set', port, 'master', 'br0', 'up');
    if (mac) host.ip('link', 'set', 'eth0', 'address', mac);
    host.ip('link', 'set', 'eth0', 'up');
    if (address) host.ip('address', 'add', address, 'dev', 'eth0');
    return host;
  };
  // A bridge is listed by the system as running once one of its ports has a carrier.
  addHost('idle');
  return {
    server,
    addHost,
    addTap(name) {
      server.ip('tuntap', 'add', 'dev', name, 'mode', 'tap');
      server.ip('link', 'set', name, 'master', 'br0', 'up');
    },
    remove() {
      for (const namespace of [...hosts, server]) namespace.remove();
    },
  };
}
