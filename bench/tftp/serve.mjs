// One server of ours for the benchmark: serve.mjs ROOT PORT fast|plain [single] [HOST]
import { createTftpServer } from '@pxekit/tftp';

const [root, port, path, mode, host = '127.0.0.1'] = process.argv.slice(2);
const server = createTftpServer({
  root,
  host,
  port: Number(port),
  singlePort: mode === 'single',
  fastPath: path === 'fast' ? 'auto' : 'off',
  limits: { transfersPerClient: 4096 },
});
await server.listen();
process.send?.({ plainReason: server.plainReason });
process.on('SIGTERM', () => process.exit());
