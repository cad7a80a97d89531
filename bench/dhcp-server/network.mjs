// Two network namespaces joined by a virtual cable: the server's, and the one the load comes from.
import { execFileSync } from 'node:child_process';
import { NETWORK } from './peers.mjs';

const ip = (...args) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });

export function makeNetwork() {
  const [here, there] = [`pxekit-bench-server-${process.pid}`, `pxekit-bench-client-${process.pid}`];
  for (const name of [here, there]) {
    ip('netns', 'add', name);
    ip('-n', name, 'link', 'set', 'lo', 'up');
  }
  ip('-n', here, 'link', 'add', NETWORK.device, 'type', 'veth', 'peer', 'name', 'c0', 'netns', there);
  ip('-n', here, 'address', 'add', `${NETWORK.server}/15`, 'dev', NETWORK.device);
  ip('-n', there, 'address', 'add', `${NETWORK.relay}/15`, 'dev', 'c0');
  ip('-n', here, 'link', 'set', NETWORK.device, 'up');
  ip('-n', there, 'link', 'set', 'c0', 'up');
  return {
    here,
    there,
    remove() {
      for (const name of [here, there]) {
        try {
          ip('netns', 'del', name);
        } catch {}
      }
    },
  };
}
