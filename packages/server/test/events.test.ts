import { existsSync } from 'node:fs';
import { EventStream } from '@pxekit/server';
import { describe, expect, it } from 'vitest';

describe('event stream', () => {
  it.runIf(existsSync('/dev/full'))('goes on when the log cannot be written', () => {
    const events = new EventStream({ destination: '/dev/full' });
    events.emit('a.b', {});
    events.emit('a.b', {});
    expect(events.counts.get('a.b')).toBe(2);
    events.close();
  });

  it('hides secrets and leaves out what is not known', () => {
    const events = new EventStream({ now: () => 0 });
    expect(events.emit('a.b', { token: 'x', apiSecret: 'y', peer: undefined, bytes: 1 })).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      type: 'a.b',
      level: 'info',
      token: '[hidden]',
      apiSecret: '[hidden]',
      bytes: 1,
    });
  });
});
