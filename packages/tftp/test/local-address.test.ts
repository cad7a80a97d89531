import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { type Libc, loadLibc, OPTION, Udp } from '@pxekit/datagram/native';
import { createTftpServer, type DatagramPort, record, type TftpServerOptions } from '@pxekit/tftp';
import { decodePacket, encodeAck, encodeRequest, summarize } from '@pxekit/tftp/packet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTransport } from '../src/transport/create.js';

const libc = await loadLibc();
if (typeof libc === 'string') console.log(`no test of local addresses: ${libc}`);

let client: Socket;
let close = async (): Promise<void> => {};

beforeEach(async () => {
  client = createSocket('udp4');
  await new Promise<void>((resolve) => client.bind(0, '127.0.0.1', resolve));
  client.setBroadcast(true);
});
afterEach(async () => {
  client.close();
  await close();
});

/** A server on the wildcard address, and a client that shows what comes from where. */
async function serve(options: TftpServerOptions) {
  const came: [line: string, port: number][] = [];
  let wake = (): void => {};
  let port = 0;
  client.on('message', (data: Buffer, { address, port: from }: RemoteInfo) => {
    came.push([`${address}${from === port ? '' : ' (its own port)'} ${summarize(decodePacket(data))}`, from]);
    wake();
  });
  // Nothing is lost, so nothing is repeated, however slow the machine.
  const retransmission = { initial: 20_000, min: 20_000, max: 20_000 };
  const server = createTftpServer({ host: '0.0.0.0', port: 0, files: { f: new Uint8Array(1500) }, retransmission, ...options });
  close = () => server.close();
  port = (await server.listen())[0]!.port;
  const answers = async (): Promise<[line: string, port: number]> => {
    while (came.length === 0)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    return came.shift()!;
  };
  return {
    server,
    send: (data: Uint8Array, address: string) => client.send(data, port, address),
    answers,
    next: async () => (await answers())[0],
  };
}

describe.skipIf(typeof libc === 'string')('a port on the wildcard address', () => {
  it('keeps transfers of one peer port with two of its addresses apart', async () => {
    const { server, send, next } = await serve({ singlePort: true });
    send(encodeRequest('rrq', 'f'), '127.0.105.81');
    expect(await next()).toBe('127.0.105.81 DATA 1 (512 bytes)');
    send(encodeRequest('rrq', 'f', 'octet', [['blksize', '1000']]), '127.0.105.82');
    expect(await next()).toBe('127.0.105.82 OACK blksize=1000');
    send(encodeAck(1), '127.0.105.81');
    expect(await next()).toBe('127.0.105.81 DATA 2 (512 bytes)');
    send(encodeAck(0), '127.0.105.82');
    expect(await next()).toBe('127.0.105.82 DATA 1 (1000 bytes)');
    expect(server.transfers().map(({ local }) => local.address)).toEqual(['127.0.105.81', '127.0.105.82']);
  });

  it('sends a window in one call from the address that was asked', async () => {
    const { send, next } = await serve({ singlePort: true });
    const options = [
      ['blksize', '600'],
      ['windowsize', '3'],
    ] as const;
    send(encodeRequest('rrq', 'f', 'octet', options), '127.0.105.83');
    expect(await next()).toBe('127.0.105.83 OACK blksize=600 windowsize=3');
    send(encodeAck(0), '127.0.105.83');
    for (const data of ['1 (600', '2 (600', '3 (300']) expect(await next()).toBe(`127.0.105.83 DATA ${data} bytes)`);
  });

  it.each([true, false])('answers a broadcast from an address of its own, one port %s', async (singlePort) => {
    const { send, next } = await serve({ singlePort });
    send(encodeRequest('rrq', 'f'), '127.255.255.255');
    expect(await next()).toBe(`127.0.0.1${singlePort ? '' : ' (its own port)'} DATA 1 (512 bytes)`);
    send(encodeRequest('rrq', 'none'), '127.255.255.255');
    expect(await next()).toContain('127.0.0.1 ERROR 1 ');
  });

  it.each([true, false])('that hears both families, as systemd opens it, answers IPv4 peers, one port %s', async (singlePort) => {
    const socket = new Udp(libc as Libc).open({ address: '::', port: 0, family: 'IPv6' }, [[OPTION.ipv6Only, 0]]);
    const { send, next } = await serve({ singlePort, socket });
    send(encodeRequest('rrq', 'f'), '127.0.105.86');
    expect(await next()).toBe(`127.0.105.86${singlePort ? '' : ' (its own port)'} DATA 1 (512 bytes)`);
  });

  it.each([true, false])('goes on with a request that lay in the socket before the server began, one port %s', async (singlePort) => {
    const udp = new Udp(libc as Libc);
    const socket = udp.open({ address: '0.0.0.0', port: 0, family: 'IPv4' });
    const { port } = udp.local(socket);
    await new Promise((resolve) => client.send(encodeRequest('rrq', 'f'), port, '127.0.0.1', resolve));
    const { answers } = await serve({ singlePort, socket });
    const [first, from] = await answers();
    expect(first).toContain('127.0.0.1 ');
    expect(first).toContain('DATA 1 (512 bytes)');
    client.send(encodeAck(1), from, '127.0.0.1');
    expect((await answers())[0]).toContain('DATA 2 (512 bytes)');
  });

  it('does so behind faults and in recordings', async () => {
    const recording = record(createTransport('auto'));
    const { send, next } = await serve({ singlePort: true, transport: recording.transport, faults: { duplicate: { blocks: [1] } } });
    send(encodeRequest('rrq', 'f'), '127.0.105.84');
    expect(await next()).toBe('127.0.105.84 DATA 1 (512 bytes)');
    expect(await next()).toBe('127.0.105.84 DATA 1 (512 bytes)');
    expect(recording.datagrams.map(({ from, to }) => [from.address, to.address])).toEqual([
      ['127.0.0.1', '127.0.105.84'],
      ['127.0.105.84', '127.0.0.1'],
      ['127.0.105.84', '127.0.0.1'],
    ]);
  });

  it('knows itself as the sender of a datagram', async () => {
    const transport = createTransport('auto');
    let listener: DatagramPort | undefined;
    const bind = transport.bind.bind(transport);
    transport.bind = async (...args) => (listener = await bind(...args));
    const { server, send, next } = await serve({ transport });
    listener!.send(encodeRequest('rrq', 'f'), { ...listener!.local, address: '127.0.0.1' });
    send(encodeRequest('rrq', 'none'), '127.0.0.1');
    expect(await next()).toContain('127.0.0.1 ERROR 1 ');
    expect(server.stats()).toMatchObject({ requests: 1, dropped: { source: 1 } });
  });
});
