import { describe, expect, it } from 'vitest';
import { retransmissionOf } from '../src/round-trip.js';
import { SEND, Sender } from '../src/sender.js';

const times = retransmissionOf(undefined);

function sender(windowSize: number): Sender {
  const made = new Sender({ windowSize, rollover: 0, times, opening: true });
  made.last = 1_000_000;
  made.start(0);
  made.ack(0, 1);
  return made;
}

describe('the interval of a sender', () => {
  it('comes down to 3 ms on a fast network', () => {
    const one = sender(1);
    for (let block = 1, now = 1; block < 50; block += 1, now += 0.4) {
      one.sent(block + 1, now);
      one.ack(block, now + 0.4);
    }
    expect(one.roundTrip.interval).toBe(3);
  });

  it('learns that a peer is slow from the second ACK of what was sent twice', () => {
    const one = sender(1);
    let now = 1;
    let again = 0;
    for (let block = 1; block < 40; block += 1) {
      const answer = now + 100;
      let copies = 1;
      one.sent(block + 1, now);
      while (one.deadline < answer) {
        now = one.deadline;
        expect(one.timeout(now)).toBe(SEND.blocks);
        one.sent(block + 1, now);
        copies += 1;
        if (block > 10) again += 1;
      }
      now = answer;
      one.ack(block, now);
      for (; copies > 1; copies -= 1) expect(one.ack(block, now)).toBe(SEND.nothing);
    }
    expect(again).toBe(0);
  });

  it('is not measured on an answer that was repeated', () => {
    const one = new Sender({ windowSize: 1, rollover: 0, times, opening: true });
    one.start(0);
    one.repeated();
    one.ack(0, 900);
    expect(one.roundTrip.interval).toBe(1000);
  });

  it('does not stay long after a loss', () => {
    const many = sender(64);
    let now = 1;
    for (let round = 0; round < 20; round += 1) {
      many.sent(many.limit, now);
      // The end of the window is lost: silence, then the repeated window arrives.
      now = many.deadline;
      many.timeout(now);
      many.sent(many.limit, now);
      now += 1;
      many.ack((many.high - 1) & 0xffff, now);
    }
    expect(many.roundTrip.interval).toBeLessThan(100);
  });
});

describe('losses in the middle of windows', () => {
  /** A sender whose round trip of 0.4 ms is known, with a window on the way. */
  function flying(): Sender {
    const many = sender(8);
    for (let now = 1; many.base < 81; now += 0.4) {
      many.sent(many.limit, now);
      many.ack(many.high - 1, now + 0.4);
    }
    many.sent(many.limit, 100);
    return many;
  }

  it('are made good at once, however soon one follows another', () => {
    const many = flying();
    let now = 100;
    for (let flight = 0; flight < 5; flight += 1) {
      const lost = many.base + 3;
      expect(many.ack(lost - 1, (now += 0.4))).toBe(SEND.blocks);
      expect(many.next).toBe(lost);
      many.sent(many.limit, now);
      expect(many.ack(many.high - 1, (now += 0.4))).toBe(SEND.blocks);
      expect(many.next).toBe(many.high);
      many.sent(many.limit, now);
    }
  });

  it('are made good when the repeated window has one, too', () => {
    const many = flying();
    many.ack(many.base + 2, 100.4);
    many.sent(many.limit, 100.4);
    const lost = many.base + 2;
    expect(many.ack(lost - 1, 100.9)).toBe(SEND.blocks);
    expect(many.next).toBe(lost);
  });

  it('are not believed of a peer that repeats its ACK for every block that came twice', () => {
    const many = flying();
    many.ack(many.base + 3, 100.4);
    many.sent(many.limit, 100.4);
    many.ack(many.high - 1, 100.8);
    many.sent(many.limit, 100.8);
    expect(many.ack(many.base - 1, 100.9)).toBe(SEND.nothing);
  });
});
