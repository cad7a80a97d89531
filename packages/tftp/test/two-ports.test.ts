import { createSocket } from 'node:dgram';
import { describe, expect, it } from 'vitest';
import { createTransport } from '../src/transport/create.js';
import type { DatagramPort, Endpoint } from '../src/types.js';

describe('two ports of one transport', () => {
  it.each(['auto', 'off'] as const)('what one sends leaves while the other is read (%s)', async (fastPath) => {
    const transport = createTransport(fastPath);
    const client = createSocket('udp4');
    const fail = (error: Error): void => {
      throw error;
    };
    const open = (receive: (data: Uint8Array, from: Endpoint) => void): Promise<DatagramPort> =>
      transport.bind({ address: '127.0.0.1', port: 0 }, receive, fail);
    const silent = await open(() => {});
    const asked = await open((data, from) => silent.send(data.slice(), from));
    try {
      const answers: number[] = [];
      const whole = new Promise<void>((resolve) => {
        client.on('message', (data, { port }) => {
          expect(port).toBe(silent.local.port);
          answers.push(data[1]!);
          if (answers.length === 10) resolve();
        });
      });
      await new Promise<void>((resolve) => client.bind(0, '127.0.0.1', resolve));
      for (let number = 0; number < 10; number += 1) client.send(new Uint8Array([0, number, 0, 0]), asked.local.port, '127.0.0.1');
      await whole;
      expect(answers).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    } finally {
      client.close();
      silent.close();
      asked.close();
      transport.close();
    }
  });
});
