import { createSocket, type RemoteInfo } from 'node:dgram';
import { openUdpSocket, type UdpSocket } from '@pxekit/datagram';
import { afterEach, describe, expect, test } from 'vitest';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

const LOOPBACK = { address: '127.0.0.1', port: 0 };
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (of: string) => new TextEncoder().encode(of);

async function open(...[options, receive]: Parameters<typeof openUdpSocket>): Promise<UdpSocket> {
  const socket = await openUdpSocket(options, receive);
  opened.push(socket);
  return socket;
}

/** A peer that gathers what it hears. */
async function peer() {
  const heard: { text: string; from: RemoteInfo }[] = [];
  const socket = createSocket('udp4', (message, from) => heard.push({ text: text(message), from }));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  opened.push({ close: () => new Promise<void>((resolve) => socket.close(() => resolve())) });
  return { socket, heard, port: socket.address().port };
}

const until = (isSo: () => boolean): Promise<void> => expect.poll(isSo, { interval: 5 }).toBe(true);

test('batches are used where they can be', async () => {
  const { plainReason } = await open(LOOPBACK, () => {});
  if (process.platform === 'linux') expect(plainReason).toBeUndefined();
  else expect(plainReason).toContain('Linux');
});

describe.each(['auto', 'off'] as const)('with batches %s', (batches) => {
  test('hundreds of datagrams come and are answered, each with its own bytes and sender', async () => {
    const kept: Uint8Array[] = [];
    const server = await open({ ...LOOPBACK, receiveBuffer: 1 << 20, batches }, (message, from) => {
      kept.push(message);
      server.send(bytes(`re ${text(message)}`), from);
    });
    const clients = await Promise.all([peer(), peer()]);
    for (let n = 0; n < 150; n++) for (const { socket, port } of clients) socket.send(`${n} of ${port}`, server.local.port, '127.0.0.1');
    await until(() => clients.every(({ heard }) => heard.length === 150));
    for (const { heard, port } of clients) {
      expect(heard.map((each) => each.text)).toEqual(Array.from({ length: 150 }, (_, n) => `re ${n} of ${port}`));
      expect(heard[0]!.from).toMatchObject({ address: '127.0.0.1', port: server.local.port });
    }
    // What was received stays as it was, however much came after it.
    expect(new Set(kept.map(text)).size).toBe(300);
  });

  test('what is sent in one turn arrives in order, small and large', async () => {
    const { heard, port } = await peer();
    const socket = await open({ ...LOOPBACK, batches }, () => {});
    const sizes = [...Array.from({ length: 130 }, (_, n) => n), 1400];
    const results = await Promise.all(
      sizes.map((size) => new Promise<unknown>((resolve) => socket.send(bytes('x'.repeat(size)), { address: '127.0.0.1', port }, resolve))),
    );
    expect(results.every((error) => error === null || error === undefined)).toBe(true);
    await until(() => heard.length === sizes.length);
    expect(heard.map((each) => each.text.length)).toEqual(sizes);
  });

  test('a datagram larger than a batch takes goes all the same', async () => {
    const { heard, port } = await peer();
    const socket = await open({ ...LOOPBACK, batches }, () => {});
    socket.send(bytes('y'.repeat(9000)), { address: '127.0.0.1', port });
    await until(() => heard.length === 1);
    expect(heard[0]!.text.length).toBe(9000);
  });

  test('the error of one datagram is told to its sender, and the others leave', async () => {
    const { heard, port } = await peer();
    const socket = await open({ ...LOOPBACK, batches }, () => {});
    const to = { address: '127.0.0.1', port };
    const failed = new Promise<unknown>((resolve) => {
      socket.send(bytes('before'), to);
      socket.send(bytes('nowhere'), { address: '127.0.0.1', port: 0 }, resolve);
      socket.send(bytes('behind'), to);
    });
    expect(await failed).toBeInstanceOf(Error);
    await until(() => heard.length === 2);
    expect(heard.map((each) => each.text)).toEqual(['before', 'behind']);
  });

  test('what was sent before closing leaves, and the port is free again', async () => {
    const { heard, port } = await peer();
    const socket = await openUdpSocket({ ...LOOPBACK, batches }, () => {});
    socket.send(bytes('last'), { address: '127.0.0.1', port });
    await socket.close();
    await until(() => heard.length === 1);
    await open({ ...LOOPBACK, port: socket.local.port, batches }, () => {});
  });

  test('a port in use is refused with the code of the system, unless both share it', async () => {
    const { local } = await open({ ...LOOPBACK, batches }, () => {});
    await expect(openUdpSocket({ ...LOOPBACK, port: local.port, batches }, () => {})).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(openUdpSocket({ address: '192.0.2.1', batches }, () => {})).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
    const shared = await open({ ...LOOPBACK, reuseAddress: true, batches }, () => {});
    await open({ ...LOOPBACK, port: shared.local.port, reuseAddress: true, batches }, () => {});
  });

  test('a full socket leaves the rest of the program its turns', async () => {
    let inTurn = 0;
    let total = 0;
    const turns: number[] = [];
    const server = await open({ ...LOOPBACK, receiveBuffer: 1 << 20, batches }, () => {
      total++;
      if (inTurn++ === 0)
        setImmediate(() => {
          turns.push(inTurn);
          inTurn = 0;
        });
    });
    const client = await open({ ...LOOPBACK, batches: 'auto' }, () => {});
    for (let n = 0; n < 1000; n++) client.send(bytes(`${n}`), server.local);
    await until(() => total >= 500 && inTurn === 0);
    expect(Math.max(...turns)).toBeLessThanOrEqual(300);
  });
});
