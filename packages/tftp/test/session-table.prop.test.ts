import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ServerRequest } from '../src/server/request.js';
import { Session } from '../src/server/session.js';
import { SessionList } from '../src/server/session-list.js';
import { SessionTable } from '../src/server/session-table.js';
import type { DatagramPort } from '../src/types.js';

function session(address: string, port: number, local: string, begun: number): Session {
  const request = { peer: { address, port, family: 'IPv4' } } as ServerRequest;
  return new Session(request, new Uint8Array(0), { local: { address: local, port: 69, family: 'IPv4' } } as DatagramPort, begun);
}

// Few ports that share slots, so that chains grow and are cut at every place.
const peer = fc.record({
  address: fc.constantFrom('10.0.0.1', '10.0.0.2', 'fe80::1'),
  port: fc.constantFrom(1, 2, 4097, 8193),
  local: fc.constantFrom('10.0.0.9', '10.1.0.9'),
  remove: fc.boolean(),
});

it('finds what a map by peer and listening address finds', () => {
  fc.assert(
    fc.property(fc.array(peer, { maxLength: 60 }), (steps) => {
      const table = new SessionTable();
      const model = new Map<string, Session>();
      for (const { address, port, local, remove } of steps) {
        const key = `${address} ${port} ${local}`;
        const known = model.get(key);
        if (remove && known) {
          expect(table.delete(known)).toBe(true);
          expect(table.delete(known)).toBe(false);
          model.delete(key);
        } else {
          const added = session(address, port, local, 0);
          table.set(added);
          model.set(key, added);
          if (known) expect(table.delete(known)).toBe(false);
        }
        for (const one of steps) {
          const found = table.get({ address: one.address, port: one.port, family: 'IPv4' }, one.local);
          expect(found).toBe(model.get(`${one.address} ${one.port} ${one.local}`));
        }
      }
    }),
  );
});

it('lists sessions in the order of their beginning, whatever was taken out, also on the way', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 40 }), fc.nat(3), (removed, every) => {
      const list = new SessionList();
      const all = Array.from({ length: 20 }, (_, begun) => session('10.0.0.1', begun, '10.0.0.9', begun));
      for (const one of all) list.add(one);
      const left = new Set(all);
      for (const at of removed) expect(all[at] ? list.delete(all[at]) : false).toBe(all[at] ? left.delete(all[at]) : false);
      expect([...list]).toEqual([...left]);
      expect(list.size).toBe(left.size);
      for (const one of list) if (every > 0 && one.begun % every === 0) left.delete(one) && list.delete(one);
      expect([...list]).toEqual([...left]);
    }),
  );
});
