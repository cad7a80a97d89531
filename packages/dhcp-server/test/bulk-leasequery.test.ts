import { connect, createServer } from 'node:net';
import { createMessage, decode, encode, type Message, rawOption } from '@pxekit/dhcp';
import { createDhcpServer } from '@pxekit/dhcp-server';
import { expect, test } from 'vitest';
import { answerBulkLeaseQuery } from '../src/bulk-leasequery.js';
import { basic, get, Lab, mac } from './support.js';

const query = (header: object = {}, options: ReturnType<typeof rawOption>[] = []) => {
  const message = createMessage({ xid: 77, hlen: 0, ...header, options: { messageType: 14 } });
  message.options.push(...options);
  return message;
};

function lab(): Lab {
  const made = new Lab(basic());
  for (let n = 1; n <= 5; n++) made.lease(n, [rawOption(82, Uint8Array.of(2, 1, n % 2))], { giaddr: '192.168.7.254' });
  return made;
}

const ask = ({ plan, book, now }: Lab, message: Message) => [...answerBulkLeaseQuery(message, { plan, leases: book, now: now + 60_000 })];

test('all leases come, and then the end', () => {
  const answers = ask(lab(), query());
  expect(answers.map((each) => get(each, 'messageType'))).toEqual([13, 13, 13, 13, 13, 15]);
  expect(new Set(answers.slice(0, 5).map((each) => each.chaddr))).toEqual(new Set([1, 2, 3, 4, 5].map(mac)));
  expect(answers.every((each) => each.xid === 77)).toBe(true);
  expect(get(answers[0]!, 'leaseTime')).toBe(3540);
});

test('leases are found by hardware address, remote identifier and time', () => {
  expect(ask(lab(), query({ chaddr: mac(3), hlen: 6 })).map((each) => each.chaddr)).toEqual([mac(3), mac(3)]);
  expect(ask(lab(), query({}, [rawOption(82, Uint8Array.of(2, 1, 1))]))).toHaveLength(4);
  expect(ask(lab(), query({}, [rawOption(154, Uint8Array.of(0xff, 0, 0, 0))]))).toHaveLength(1);
});

test('what is no query is answered with a status', () => {
  const [end, ...rest] = ask(lab(), createMessage({ xid: 1, options: { messageType: 10 } }));
  expect(rest).toEqual([]);
  expect(end!.options.find((each) => each.code === 151)!.data[0]).toBe(3);
});

/** One query over TCP, one byte at a time; the messages until the end of the answer. */
async function overTcp(port: number): Promise<Message[]> {
  const socket = connect(port, '127.0.0.1');
  const bytes = encode(query());
  for (const byte of [bytes.length >>> 8, bytes.length & 255, ...bytes]) socket.write(Uint8Array.of(byte));
  const messages: Message[] = [];
  let buffered = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    buffered = Buffer.concat([buffered, chunk]);
    while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
      const length = buffered.readUInt16BE(0);
      messages.push(decode(buffered.subarray(2, 2 + length)).message);
      buffered = buffered.subarray(2 + length);
    }
    if (messages.some((each) => get(each, 'messageType') === 15)) break;
  }
  return messages;
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

test('the answer comes over TCP, to those who may ask', async () => {
  for (const [leasequery, status] of [
    [['127.0.0.1'], undefined],
    [['10.0.0.1'], 4],
  ] as const) {
    const bulkPort = await freePort();
    const server = createDhcpServer({ ...basic({ leasequery: [...leasequery] }), listen: { address: '127.0.0.1', port: 0, bulkPort } });
    await server.start();
    const answers = await overTcp(bulkPort);
    expect(answers.at(-1)!.options.find((each) => each.code === 151)?.data[0]).toBe(status);
    await server.stop();
  }
});
