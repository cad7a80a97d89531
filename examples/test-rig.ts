import { createTftpServer, get } from '@pxekit/tftp';

/** Fetches a file over a network that loses blocks 3 and 20, and tells what the server had to send again. */
export async function fetchOverBadNetwork(content: Uint8Array) {
  let retransmissions = 0;
  const server = createTftpServer({
    host: '127.0.0.1',
    port: 0,
    files: { 'boot.img': content },
    faults: { drop: { blocks: [3, 20], times: 2 }, direction: 'out' },
    onFinish: (record) => (retransmissions = record.retransmissions),
  });
  const [address] = await server.listen();
  const { data } = await get(`tftp://127.0.0.1:${address?.port}/boot.img`, { windowSize: 8 });
  await server.close();
  return { data, retransmissions };
}
