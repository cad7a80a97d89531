import { createMessage, encode } from '@pxekit/dhcp';
import { expect, test } from 'vitest';
import { allocate } from '../src/arena.js';

test('octets are zero and are handed out once', () => {
  const given = Array.from({ length: 200 }, (_, index) => allocate(index * 50));
  for (const [index, octets] of given.entries()) {
    expect(octets.length).toBe(index * 50);
    expect(octets.every((octet) => octet === 0)).toBe(true);
    octets.fill(255);
  }
});

test('a message that is written leaves those written before as they were', () => {
  const first = encode(createMessage({ xid: 1 }));
  const copy = first.slice();
  for (let xid = 2; xid < 200; xid++) encode(createMessage({ xid, file: 'x'.repeat(100) }));
  expect(first).toEqual(copy);
});
