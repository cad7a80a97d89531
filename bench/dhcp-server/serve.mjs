// The server under test, as anybody would run it: leases in a database file, everything else at its defaults.
import { createDhcpServer } from '@pxekit/dhcp-server';

const [subnet, pool, leases] = process.argv.slice(2);
const server = createDhcpServer({ subnets: [{ subnet, pools: [pool] }], leases, onError: (error) => console.error(error.message) });
await server.start();
process.on('SIGTERM', async () => {
  await server.stop();
  process.exit(0);
});
