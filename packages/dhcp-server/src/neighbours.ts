import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Adds entries to the kernel's neighbour table, so that it can send to a client that does not answer ARP yet. */
export interface Neighbours {
  /** Resolves with whether the entry stands. */
  add(address: string, hardware: string, device: string | undefined): Promise<boolean>;
  close(): void;
}

interface Waiting {
  address: string;
  /** The line of the batch that looks at the entry; the one before it makes it. */
  line: number;
  resolve: (stands: boolean) => void;
}

/** One long-lived `ip -batch -`: each entry is a line, and a look at the entry behind it says when it stands. */
export function neighbours(command = 'ip'): Neighbours {
  let ip: ChildProcessWithoutNullStreams | undefined;
  let written = 0;
  const waiting: Waiting[] = [];

  function start(): ChildProcessWithoutNullStreams {
    const child = spawn(command, ['-force', '-batch', '-'], { stdio: ['pipe', 'pipe', 'pipe'] });
    written = 0;
    const fail = () => {
      if (ip !== child) return;
      ip = undefined;
      for (const each of waiting.splice(0)) each.resolve(false);
    };
    child.on('error', fail);
    child.on('exit', fail);
    child.stdin.on('error', fail);
    createInterface({ input: child.stdout }).on('line', (line) => settle((each) => line.startsWith(`${each.address} `), true));
    createInterface({ input: child.stderr }).on('line', (line) => {
      const failed = Number(/^Command failed -:(\d+)/.exec(line)?.[1]);
      settle((each) => each.line === failed || each.line === failed + 1, false);
    });
    return child;
  }

  function settle(isMeant: (each: Waiting) => boolean, stands: boolean): void {
    const at = waiting.findIndex(isMeant);
    if (at >= 0) waiting.splice(at, 1)[0]!.resolve(stands);
  }

  return {
    add(address, hardware, device) {
      if (device === undefined || !/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/.test(hardware)) return Promise.resolve(false);
      ip ??= start();
      const { stdin } = ip;
      return new Promise((resolve) => {
        written += 2;
        waiting.push({ address, line: written, resolve });
        stdin.write(`neigh replace ${address} lladdr ${hardware} dev ${device} nud stale\nneigh get ${address} dev ${device}\n`);
      });
    },
    close() {
      ip?.stdin.end();
      ip = undefined;
    },
  };
}
