// Runs a DHCP server with the options given as JSON in the first argument, and prints what happens, one JSON object a line.
import { createDhcpServer, type DhcpServerOptions } from '@pxekit/dhcp-server';

const options: DhcpServerOptions = JSON.parse(process.argv[2]!);
const print = (event: object) => process.stdout.write(`${JSON.stringify(event)}\n`);

// Under load a line for every datagram would be the larger part of the work.
const isQuiet = process.argv[3] === 'quiet';
const perRequest: Partial<DhcpServerOptions> = {
  onReply: ({ facts, reply, to, trace }) =>
    print({
      event: 'reply',
      client: facts.client,
      asked: facts.type,
      kind: facts.bootKind,
      type: reply.options.find((each) => each.code === 53)?.data[0] ?? 0,
      yiaddr: reply.yiaddr,
      file: reply.file,
      giaddr: reply.giaddr,
      to: to.address,
      port: to.port,
      local: facts.local.port,
      rules: trace.map((each) => each.rule),
    }),
  onLease: ({ lease }) => print({ event: 'lease', ...lease }),
  onRelease: ({ lease }) => print({ event: 'release', ...lease }),
  onDecline: ({ lease }) => print({ event: 'decline', ...lease }),
  onDrop: ({ reason, facts, trace }) => print({ event: 'drop', reason, asked: facts?.type, client: facts?.client, trace }),
};
const server = createDhcpServer({
  ...options,
  ...(isQuiet ? {} : perRequest),
  onError: (error) => print({ event: 'error', code: error.code, message: error.message }),
});

// For tests that watch what the server costs.
process.on('SIGUSR2', () => print({ event: 'state', counters: server.counters, memory: process.memoryUsage().rss }));
process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)));
await server.start().catch((error) => {
  print({ event: 'failed', code: error.code, message: error.message });
  process.exit(1);
});
print({ event: 'listening', endpoints: server.endpoints });
