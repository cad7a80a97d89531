import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

/** Adds entries to the kernel's neighbour table, so that it can send to a client that does not answer ARP yet. */
export interface Neighbours {
  /** Resolves with whether the entry stands. */
  add(address: string, hardware: string, device: string | undefined): Promise<boolean>;
  close(): void;
}

/** One long-lived `ip -batch -`: each entry is a line, and a look at the entry behind it says when it stands. */
export function neighbours(command = 'ip'): Neighbours {
  let ip: ChildProcessWithoutNullStreams | undefined;
  let output = '';
  const waiting: { address: string; resolve: (stands: boolean) => void }[] = [];

  function start(): ChildProcessWithoutNullStreams {
    const child = spawn(command, ['-force', '-batch', '-'], { stdio: ['pipe', 'pipe', 'pipe'] });
    const fail = () => {
      if (ip === child) ip = undefined;
      for (const each of waiting.splice(0)) each.resolve(false);
    };
    child.on('error', fail);
    child.on('exit', fail);
    child.stdin.on('error', fail);
    child.stderr.on('data', () => waiting.shift()?.resolve(false));
    child.stdout.on('data', (data) => {
      output += data;
      const lines = output.split('\n');
      output = lines.pop()!;
      for (const line of lines) {
        const at = waiting.findIndex((each) => line.startsWith(`${each.address} `));
        if (at >= 0) waiting.splice(at, 1)[0]!.resolve(true);
      }
    });
    return child;
  }

  return {
    add(address, hardware, device) {
      if (device === undefined || !/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/.test(hardware)) return Promise.resolve(false);
      ip ??= start();
      const { stdin } = ip;
      return new Promise((resolve) => {
        waiting.push({ address, resolve });
        stdin.write(`neigh replace ${address} lladdr ${hardware} dev ${device} nud stale\nneigh get ${address} dev ${device}\n`);
      });
    },
    close() {
      ip?.stdin.end();
      ip = undefined;
    },
  };
}
