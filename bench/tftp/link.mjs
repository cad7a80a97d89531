// A veth pair of 1 Gbit/s into a namespace of its own. The kernel cuts windows into datagrams before they enter the pair, so
// that each can be lost by itself.
import { execFileSync } from 'node:child_process';

const run = (program, ...args) => execFileSync(program, args, { stdio: 'pipe' });

/** @param loss percent each way */
export function makeLink(loss) {
  const name = `tftp-bench-${process.pid}`;
  const table = name.replaceAll('-', '_');
  const inside = ['ip', 'netns', 'exec', name];
  run('ip', 'netns', 'add', name);
  run('ip', 'link', 'add', 'tb0', 'type', 'veth', 'peer', 'name', 'tb1', 'netns', name);
  run('ip', 'address', 'add', '10.254.77.1/30', 'dev', 'tb0');
  run('ip', '-n', name, 'address', 'add', '10.254.77.2/30', 'dev', 'tb1');
  for (const [prefix, device] of [
    [['ip'], 'tb0'],
    [['ip', '-n', name], 'tb1'],
  ])
    run(...prefix, 'link', 'set', 'dev', device, 'gso_max_segs', '1', 'up');
  run('tc', 'qdisc', 'add', 'dev', 'tb0', 'root', 'tbf', 'rate', '1gbit', 'burst', '128kb', 'latency', '50ms');
  if (loss > 0) {
    lose([], 'tb0', table, loss);
    lose(inside, 'tb1', table, loss);
  }
  return {
    host: '10.254.77.1',
    prefix: inside,
    remove() {
      run('ip', 'link', 'del', 'tb0');
      run('ip', 'netns', 'del', name);
      if (loss > 0) run('nft', 'delete', 'table', 'netdev', table);
    },
  };
}

function lose(prefix, device, table, percent) {
  const rules = `table netdev ${table} {
    chain ingress {
      type filter hook ingress device ${device} priority 0;
      numgen random mod 100 < ${percent} drop
    }
  }`;
  const [program, ...args] = [...prefix, 'nft', '-f', '-'];
  execFileSync(program, args, { input: rules, stdio: ['pipe', 'pipe', 'pipe'] });
}
