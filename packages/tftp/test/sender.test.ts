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

  it('learns that a peer is slow, although it is sent everything twice at first', () => {
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

  it('learns that a peer with a window is slow, although everything is sent twice at first', () => {
    const many = sender(4);
    const again: number[] = [];
    let now = 1;
    const exchange = (trip: number): void => {
      const before = many.retransmissions;
      const answer = now + trip;
      const block = many.limit - 1;
      many.sent(many.limit, now);
      while (many.deadline < answer) {
        now = many.deadline;
        many.timeout(now);
        many.sent(many.limit, now);
      }
      now = answer;
      many.ack(block, now);
      again.push(many.retransmissions - before);
    };
    for (let flight = 0; flight < 20; flight += 1) exchange(1);
    for (let flight = 0; flight < 20; flight += 1) exchange(100);
    expect(again.slice(20, 26)).not.toEqual([0, 0, 0, 0, 0, 0]);
    expect(again.slice(26)).toEqual(new Array(14).fill(0));
  });

  it('is not stretched by losses that a peer with a window answers with an ACK for every block', () => {
    const many = sender(4);
    let now = 1;
    for (let flight = 0; flight < 40; flight += 1) {
      const block = many.limit - 1;
      many.sent(many.limit, now);
      if (flight > 20) {
        // The ACK is lost; the window that comes again is answered block by block, with the ACK of its end.
        now = many.deadline;
        expect(many.timeout(now)).toBe(SEND.blocks);
        many.sent(many.limit, now);
        now += 1;
        many.ack(block, now);
        for (let copy = 0; copy < 3; copy += 1) many.ack(block, now + 0.3 * (copy + 1));
      } else {
        now += 1;
        many.ack(block, now);
      }
    }
    expect(many.roundTrip.interval).toBeLessThan(25);
  });

  it('is not measured on an answer that was repeated', () => {
    const one = new Sender({ windowSize: 1, rollover: 0, times, opening: true });
    one.start(0);
    one.repeated();
    one.ack(0, 900);
    expect(one.roundTrip.smoothed).toBe(-1);
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
