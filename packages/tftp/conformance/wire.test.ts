// Cases about what only real sockets show.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createTftpServer, get } from '@pxekit/tftp';
import { encodeRequest } from '@pxekit/tftp/packet';
import { afterEach, describe, expect, it } from 'vitest';

let capture: ChildProcess | undefined;

afterEach(() => {
  capture?.kill();
});

/** Captures UDP from an address of the loopback interface; `stop` gives a field of each packet when there are some. */
async function captured(from: string, field: string): Promise<{ stop(least: number): Promise<string[]> }> {
  const child = spawn('tshark', ['-l', '-n', '-i', 'lo', '-f', `udp and src host ${from}`, '-T', 'fields', '-e', field]);
  capture = child;
  let out = '';
  child.stdout.on('data', (text) => (out += text));
  await new Promise<void>((resolve) => child.stderr.on('data', (text) => String(text).includes('Capture started') && resolve()));
  return {
    async stop(least) {
      await expect.poll(() => out.split('\n').length - 1).toBeGreaterThanOrEqual(least);
      child.kill('SIGINT');
      await once(child, 'close');
      return out.split('\n').filter((line) => line !== '');
    },
  };
}

const reason =
  process.platform !== 'linux' || process.getuid?.() !== 0
    ? 'only root captures packets'
    : spawnSync('tshark', ['-v']).error
      ? 'tshark is not installed'
      : undefined;

/** An address that nobody else uses. */
const HOST = '127.0.105.77';

describe('on a real interface', () => {
  it.each(['auto', 'off'] as const)('22: does not hear a broadcast on an address of its own, fast path %s', async (fastPath) => {
    const server = createTftpServer({ host: '127.0.0.1', port: 0, files: { f: 'content' }, fastPath });
    const [address] = await server.listen();
    const client = createSocket('udp4');
    const answers: string[] = [];
    client.on('message', (data) => answers.push(`opcode ${data[1]}`));
    await new Promise<void>((resolve) => client.bind(0, '127.0.0.1', resolve));
    client.setBroadcast(true);
    client.send(encodeRequest('rrq', 'f'), address!.port, '127.255.255.255');
    client.send(encodeRequest('rrq', 'none'), address!.port, '127.0.0.1');
    await once(client, 'message');
    client.close();
    expect({ answers, requests: server.stats().requests }).toEqual({ answers: ['opcode 5'], requests: 1 });
    await server.close();
  });

  it.each([
    { fastPath: 'auto' },
    { fastPath: 'off' },
    { fastPath: 'auto', singlePort: true },
    { fastPath: 'off', singlePort: true },
  ] as const)('52: answers from the address that was asked, of several: %o', async (options) => {
    const server = createTftpServer({ host: ['127.0.0.1', '127.0.105.78', '::1'], port: 0, files: { f: 'content' }, ...options });
    for (const { address, port } of await server.listen()) {
      const { record } = await get({ host: address, port, filename: 'f' });
      expect(record.peer.address).toBe(address);
    }
    await server.close();
  });

  it.each([{ singlePort: false }, { singlePort: true }])(
    '52: answers from the address that was asked, on the wildcard address: %o',
    async (options) => {
      const locals: string[] = [];
      for (const [host, asked] of [
        ['0.0.0.0', ['127.0.0.1', '127.0.105.79', '127.0.105.80']],
        ['::', ['::1']],
      ] as const) {
        const server = createTftpServer({
          host,
          port: 0,
          files: { f: 'content' },
          onRequest: ({ local }) => locals.push(local.address),
          ...options,
        });
        const { port } = (await server.listen())[0]!;
        if (server.plainReason) console.log(`52 asks only the address that the system would choose: ${server.plainReason}`);
        for (const address of server.plainReason ? asked.slice(0, 1) : asked) {
          const { record } = await get({ host: address, port, filename: 'f' });
          expect(record.peer.address).toBe(address);
          await expect(get({ host: address, port, filename: 'none' })).rejects.toMatchObject({ wireCode: 1 });
          if (!server.plainReason) expect(locals.splice(0)).toEqual([address, address]);
        }
        await server.close();
      }
    },
  );

  it('150: sends IPv4 packets without the DF bit on the fast path', async ({ skip }) => {
    if (reason) console.log(`150 is not looked at: ${reason}`);
    skip(reason !== undefined, reason);
    const server = createTftpServer({ host: HOST, port: 0, files: { f: new Uint8Array(20_000) } });
    const [address] = await server.listen();
    const plain = server.plainReason;
    if (plain) console.log(`150 is not looked at: ${plain}`);
    const capture = await captured(HOST, 'ip.flags.df');
    await get({ host: HOST, port: address!.port, filename: 'f' }, { blockSize: 1024, windowSize: 4 });
    const flags = await capture.stop(3);
    await server.close();
    skip(plain !== undefined, plain);
    expect(new Set(flags.map((flag) => flag.toLowerCase()))).toEqual(new Set(['0']));
  });
});
