// Clients that boot at once over real sockets; every kernel and initrd is compared with the file by its digest.
// node fleet-clients.mjs SETUP, as JSON: { count, dhcpPort, tftpPort, clientPort, digests } -> one line of JSON
import { createHash } from 'node:crypto';
import { LiveNetwork, walk } from '@pxekit/server';

const { count, dhcpPort, tftpPort, clientPort, digests } = JSON.parse(process.argv[2]);
const expected = new Set(digests);

// One port for all clients, as one network has: transactions keep them apart.
const shared = await LiveNetwork.open({ server: '127.0.0.1', dhcpPort, tftpPort, clientPort, timeout: 20_000 });
let checked = 0;
const network = {
  dhcp: (...parts) => shared.dhcp(...parts),
  async tftp(...parts) {
    const answer = await shared.tftp(...parts);
    if (answer && /images\/d\//.test(parts[1])) {
      if (!expected.has(createHash('sha256').update(answer.data).digest('hex'))) throw new Error(`${parts[1]} came damaged`);
      checked += answer.data.length;
    }
    return answer;
  },
  http: (...parts) => shared.http(...parts),
  use() {},
  packets: () => [],
  close: async () => {},
};

async function boot(at) {
  const start = performance.now();
  const mac = `52:54:00:ff:00:${at.toString(16).padStart(2, '0')}`;
  const random = () => at * 1000 + Math.floor(Math.random() * 1000);
  const steps = walk({ client: 'bios', mac, network, clock: () => performance.now(), random });
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  if (step.value.outcome !== 'kernel' || step.value.kickstart === undefined) throw new Error(`client ${at} did not boot`);
  return performance.now() - start;
}

const times = await Promise.all(Array.from({ length: count }, (_, at) => boot(at)));
await shared.close();
const { userCPUTime, systemCPUTime } = process.resourceUsage();
console.log(JSON.stringify({ slowest: Math.max(...times), checked, cpu: (userCPUTime + systemCPUTime) / 1000 }));
