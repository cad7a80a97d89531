import { createSocket } from 'node:dgram';
import { createMessage, decode, encode, type Message } from '@pxekit/dhcp';
import {
  createDhcpServer,
  type DhcpServer,
  type DropEvent,
  type Lease,
  leasesFromCsv,
  leasesFromJson,
  leasesToCsv,
  leasesToJson,
  memoryLeaseStore,
  type RequestFacts,
} from '@pxekit/dhcp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { BASIC, basic, discover, get, ManualClock, MessageType, mac, renew, request, Wire } from './support.js';

let server: DhcpServer | undefined;
afterEach(() => server?.stop());

/** Sends messages from one loopback socket and hands back the replies in order. */
async function client(port: number) {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', () => resolve()));
  return {
    ask: (message: Message) =>
      new Promise<Message>((resolve) => {
        socket.once('message', (bytes) => resolve(decode(bytes).message));
        socket.send(encode(message), port, '127.0.0.1');
      }),
    close: () => socket.close(),
  };
}

test('serves DISCOVER and REQUEST on a loopback port', async () => {
  const leased: Lease[] = [];
  server = createDhcpServer({ ...BASIC, listen: { address: '127.0.0.1', port: 0 }, onLease: ({ lease }) => leased.push(lease) });
  await server.start();
  const { ask, close } = await client(server.endpoints[0]!.port);
  const offer = await ask(discover({ xid: 1, chaddr: mac(1) }));
  expect(get(offer, 'messageType')).toBe(MessageType.OFFER);
  const ack = await ask(request(offer));
  expect(get(ack, 'messageType')).toBe(MessageType.ACK);
  expect(leased.map((each) => each.address)).toEqual([ack.yiaddr]);
  expect(server.leases()).toHaveLength(1);
  expect(server.counters).toMatchObject({ received: 2, sent: 2, requests: { DISCOVER: 1, REQUEST: 1 }, replies: { OFFER: 1, ACK: 1 } });
  close();
});

/** A server on a wire, and a clock that stands still unless the options bring another. */
async function serve(options: Parameters<typeof createDhcpServer>[0]) {
  const wire = new Wire();
  const clock = new ManualClock();
  server = createDhcpServer({ clock, ...options, transport: wire });
  await server.start();
  const ask = async (message: Message) => {
    const before = wire.sent.length;
    wire.deliver(encode(message));
    await wire.until(before + 1);
    return decode(wire.sent.at(-1)!.bytes).message;
  };
  return { wire, clock, ask };
}

describe('hooks and handlers', () => {
  test('an async boot hook decides what is booted', async () => {
    const { ask } = await serve({
      ...basic({ boot: { default: 'never.0' } }),
      resolveBoot: async ({ facts }) =>
        facts.bootKind === 'bios' ? { filename: `for-${facts.hardware}`, nextServer: '192.168.7.77' } : null,
    });
    const options = { vendorClassIdentifier: 'PXEClient:Arch:00000:UNDI:002001', clientArchitecture: [0] };
    const offer = await ask(discover({ xid: 1, chaddr: mac(1), options }));
    expect(offer.file).toBe(`for-${mac(1)}`);
    expect(offer.siaddr).toBe('192.168.7.77');
    expect((await ask(discover({ xid: 1, chaddr: mac(2), options: { ...options, clientArchitecture: [7] } }))).file).toBe('');
  });

  test('an async handler overrides address, lease time and options, refuses and drops', async () => {
    const drops: DropEvent[] = [];
    const { ask, wire } = await serve({
      ...basic(),
      handle: async ({ facts }) => {
        if (facts.hardware === mac(9)) return { drop: 'not welcome' };
        if (facts.hardware === mac(8) && facts.type === 3) return { nak: 'go away' };
        return { address: '192.168.7.33', leaseTime: 120, options: { domainName: 'lab', routers: null } };
      },
      onDrop: (event) => drops.push(event),
    });
    const ack = await ask(request(await ask(discover({ xid: 1, chaddr: mac(1) }))));
    expect(ack.yiaddr).toBe('192.168.7.33');
    expect(get(ack, 'leaseTime')).toBe(120);
    expect(get(ack, 'domainName')).toBe('lab');
    expect(get(ack, 'routers')).toBeUndefined();
    wire.deliver(encode(discover({ xid: 2, chaddr: mac(9) })));
    await expect.poll(() => drops.map((each) => each.reason)).toEqual(['handler']);
  });

  test('a handler that throws costs its own request only', async () => {
    const errors: string[] = [];
    let calls = 0;
    const { ask, wire } = await serve({
      ...basic(),
      handle: () => {
        if (calls++ === 0) throw new Error('boom');
        return undefined;
      },
      onError: (error) => errors.push(error.code),
    });
    wire.deliver(encode(discover({ xid: 1, chaddr: mac(1) })));
    expect(get(await ask(discover({ xid: 2, chaddr: mac(1) })), 'messageType')).toBe(MessageType.OFFER);
    expect(errors).toEqual(['DHCP_SERVER_HOOK']);
  });

  test('a handler or boot hook that never settles costs its own request only, and is told of', async () => {
    for (const name of ['handle', 'resolveBoot'] as const) {
      const errors: string[] = [];
      let calls = 0;
      const { ask, wire, clock } = await serve({
        ...basic({ limits: { waiting: 20 } }),
        [name]: () => (calls++ < 2 ? new Promise(() => {}) : undefined),
        onError: (error) => errors.push(error.message),
      });
      for (const n of [1, 2]) wire.deliver(encode(discover({ xid: n, chaddr: mac(n) })));
      wire.deliver(encode(discover({ xid: 3, chaddr: mac(3) })));
      await expect.poll(() => server!.counters.drops).toEqual({ busy: 1 });
      clock.advance(10_000);
      await expect.poll(() => server!.counters.drops).toEqual({ busy: 1, 'hook-failed': 2 });
      expect(get(await ask(discover({ xid: 4, chaddr: mac(4) })), 'messageType')).toBe(MessageType.OFFER);
      expect(errors).toEqual([expect.stringContaining(`${name} did not settle within 10 s`)]);
      await server!.stop();
    }
  });

  test('what a handler says that cannot be sent costs its own request only', async () => {
    const said = [
      { leaseTime: 0 },
      { leaseTime: Number.NaN },
      { options: { routers: ['nowhere'] } },
      { boot: { options: { 300: new Uint8Array(1) } } },
    ];
    for (const directive of said) {
      let calls = 0;
      const { ask, wire } = await serve({ ...basic(), handle: () => (calls++ === 0 ? (directive as never) : undefined) });
      wire.deliver(encode(discover({ xid: 1, chaddr: mac(1) })));
      await ask(discover({ xid: 2, chaddr: mac(2) }));
      expect(server!.counters.drops).toEqual({ 'hook-failed': 1 });
      await server!.stop();
    }
  });

  test('a hook that throws, or rejects, changes nothing and is told of once', async () => {
    const errors: string[] = [];
    const { ask } = await serve({
      ...basic(),
      onOffer: () => {
        throw new Error('boom');
      },
      onLease: async () => {
        throw new Error('later boom');
      },
      onError: (error) => {
        errors.push(error.message);
        throw new Error('even here');
      },
    });
    for (const n of [1, 2])
      expect(get(await ask(request(await ask(discover({ xid: n, chaddr: mac(n) })))), 'messageType')).toBe(MessageType.ACK);
    await expect.poll(() => errors).toEqual(['onOffer threw: boom', 'onLease threw: later boom']);
  });

  test('a check for an address that fails or never settles lets the address be offered', async () => {
    const checks = [
      () => {
        throw new Error('at once');
      },
      () => Promise.reject(new Error('later')),
      () => new Promise<boolean>(() => {}),
    ];
    const errors: string[] = [];
    const { wire, clock, ask } = await serve({
      ...basic(),
      isInUse: () => (checks.shift() ?? (async () => false))(),
      onError: (error) => errors.push(error.message.replace(/^The check of \S+ /, '')),
    });
    for (const n of [1, 2, 3]) wire.deliver(encode(discover({ xid: n, chaddr: mac(n) })));
    await wire.until(2);
    clock.advance(10_000);
    await wire.until(3);
    expect(errors).toEqual(['failed: at once', 'failed: later', 'failed: isInUse did not settle within 10 s']);
    expect(get(await ask(discover({ xid: 4, chaddr: mac(4) })), 'messageType')).toBe(MessageType.OFFER);
  });

  test('a class function that throws costs its own request only', async () => {
    const match = (facts: RequestFacts) => {
      if (facts.hardware === mac(1)) throw new Error('boom');
      return false;
    };
    const { ask, wire } = await serve(basic({ classes: [{ name: 'odd', match }] }));
    wire.deliver(encode(discover({ xid: 1, chaddr: mac(1) })));
    expect(get(await ask(discover({ xid: 2, chaddr: mac(2) })), 'messageType')).toBe(MessageType.OFFER);
    expect(server!.counters.drops).toEqual({ 'hook-failed': 1 });
  });

  test('an address that somebody answers at is put aside and another is offered', async () => {
    const declined: string[] = [];
    const asked: string[] = [];
    const { ask } = await serve({
      ...basic(),
      isInUse: async (address) => asked.push(address) === 1,
      onDecline: ({ lease }) => declined.push(lease.address),
    });
    const offer = await ask(discover({ xid: 1, chaddr: mac(1) }));
    expect(asked).toHaveLength(2);
    expect(declined).toEqual([asked[0]]);
    expect(offer.yiaddr).toBe(asked[1]);
  });

  test('leases end with their time', async () => {
    const ended: Lease[] = [];
    const { ask, clock } = await serve({ ...basic(), onExpire: (lease) => ended.push(lease) });
    const ack = await ask(request(await ask(discover({ xid: 1, chaddr: mac(1) }))));
    clock.advance(3_599_000);
    expect(ended).toEqual([]);
    clock.advance(2_000);
    expect(ended.map((each) => [each.address, each.state])).toEqual([[ack.yiaddr, 'expired']]);
  });

  test('a datagram that is no message is dropped and counted', async () => {
    const { wire, ask } = await serve(basic());
    wire.deliver(new Uint8Array(10));
    await ask(discover({ xid: 2, chaddr: mac(1) }));
    expect(server!.counters.drops).toEqual({ malformed: 1 });
  });
});

describe('a store that cannot be written', () => {
  test('means no ACK for what is new, and no harm to what is known', async () => {
    const memory = memoryLeaseStore();
    let isFull = false;
    let commits = 0;
    const store = {
      ...memory,
      commit: (leases: readonly Lease[]) => {
        commits++;
        return isFull ? Promise.reject(new Error('disk full')) : memory.commit(leases);
      },
    };
    const errors: string[] = [];
    const drops: string[] = [];
    const { ask, wire, clock } = await serve({
      ...basic({ reservations: [{ mac: mac(9), address: '192.168.7.9' }] }),
      leases: store,
      onError: (error) => errors.push(error.code),
      onDrop: (event) => drops.push(event.reason),
    });
    const lease = async (n: number) => ask(request(await ask(discover({ xid: n, chaddr: mac(n) }))));
    const known = await lease(1);
    clock.advance(1_800_000);

    isFull = true;
    const offer = await ask(discover({ xid: 2, chaddr: mac(2) }));
    wire.deliver(encode(request(offer)));
    await expect.poll(() => drops).toEqual(['not-stored']);
    expect(server!.leases().map((each) => each.address)).toEqual([known.yiaddr]);
    const renewed = await ask(renew(known, { xid: 3 }));
    expect(get(renewed, 'leaseTime')).toBe(1800);
    expect(server!.leases()[0]!.expires).toBe(clock.now() + 1_800_000);
    expect((await lease(9)).yiaddr).toBe('192.168.7.9');
    expect(errors).toEqual(['DHCP_SERVER_STORE']);

    isFull = false;
    expect(get(await ask(request(offer)), 'messageType')).toBe(MessageType.ACK);
    expect((await memory.load()).map((each) => each.hardware)).toEqual([mac(1), mac(2)]);
    expect(commits).toBeGreaterThan(4);
  });

  test('that throws, where it should reject, is one that fails', async () => {
    const memory = memoryLeaseStore();
    let isBroken = true;
    const store = {
      ...memory,
      commit(leases: readonly Lease[]) {
        if (isBroken) throw new Error('thrown');
        return memory.commit(leases);
      },
    };
    const { ask, wire } = await serve({ ...basic(), leases: store });
    const offer = await ask(discover({ xid: 1, chaddr: mac(1) }));
    wire.deliver(encode(request(offer)));
    await expect.poll(() => server!.counters.drops).toEqual({ 'not-stored': 1 });
    isBroken = false;
    expect(get(await ask(request(offer)), 'messageType')).toBe(MessageType.ACK);
  });

  test('requests that come in together share a commit', async () => {
    const memory = memoryLeaseStore();
    const batches: number[] = [];
    const store = {
      ...memory,
      commit: (leases: readonly Lease[]) => {
        batches.push(leases.length);
        return memory.commit(leases);
      },
    };
    const { wire } = await serve({ ...basic(), leases: store });
    for (let n = 0; n < 50; n++) wire.deliver(encode(discover({ xid: n, chaddr: mac(n) })));
    await wire.until(50);
    for (const { bytes } of wire.sent.slice(0, 50)) wire.deliver(encode(request(decode(bytes).message)));
    await wire.until(100);
    expect(batches).toEqual([50]);
  });
});

test('what a start can stumble over is one error with its code, and leaves nothing open', async () => {
  const busy = createSocket('udp4');
  await new Promise<void>((resolve) => busy.bind(0, '127.0.0.1', () => resolve()));
  const { port } = busy.address();
  const failing = createDhcpServer({ ...BASIC, listen: { address: '127.0.0.1', port } });
  await expect(failing.start()).rejects.toMatchObject({
    code: 'DHCP_SERVER_PORT_IN_USE',
    message: expect.stringContaining(`pid ${process.pid}`),
  });
  busy.close();
  const noStore = createDhcpServer({ ...BASIC, listen: { address: '127.0.0.1', port: 0 }, leases: '/nonexistent/folder/leases.db' });
  await expect(noStore.start()).rejects.toMatchObject({ code: 'DHCP_SERVER_STORE' });
});

test('explain shows what would be answered and why, and changes nothing', async () => {
  server = createDhcpServer({ ...BASIC, transport: new Wire() });
  await server.start();
  const outcome = await server.explain(discover({ xid: 1, chaddr: mac(1) }));
  expect(outcome.trace.map((step) => step.rule)).toEqual(['request', 'subnet/local', 'address/free']);
  expect(server.counters.sent).toBe(0);
  expect(server.leases()).toEqual([]);
});

test('the addresses of the server itself are never given out', async () => {
  const wire = new Wire();
  server = createDhcpServer({ ...basic({}, { pools: ['192.168.7.1-192.168.7.2'] }), transport: wire });
  await server.start();
  const given = await Promise.all(
    [1, 2, 3].map(async (n) => (await server!.explain(discover({ xid: 1, chaddr: mac(n) }))).reply?.message.yiaddr),
  );
  expect(new Set(given)).toEqual(new Set(['192.168.7.2']));
});

test('leases can be carried over', async () => {
  server = createDhcpServer({ ...BASIC, transport: new Wire() });
  await server.start();
  const lease: Lease = {
    address: '192.168.7.123',
    client: `mac/${mac(1)}`,
    hardware: mac(1),
    state: 'active',
    started: 0,
    renewed: 0,
    expires: Number.POSITIVE_INFINITY,
  };
  await server.importLeases([lease]);
  expect((await server.explain(discover({ xid: 1, chaddr: mac(1) }))).reply!.message.yiaddr).toBe('192.168.7.123');
});

test('leases go to another server through CSV and through JSON, and clients keep their addresses', async () => {
  const { ask } = await serve(basic());
  const given: Message[] = [];
  for (const n of [1, 2, 3]) given.push(await ask(request(await ask(discover({ xid: n, chaddr: mac(n) })))));
  const leases = server!.leases();
  expect(leases.map((each) => each.address)).toEqual(given.map((each) => each.yiaddr));
  await server!.stop();
  for (const carried of [leasesFromCsv(leasesToCsv(leases)), leasesFromJson(leasesToJson(leases))]) {
    await serve(basic());
    await server!.importLeases(carried);
    expect(server!.leases()).toEqual(leases);
    const again = await server!.explain(discover({ xid: 9, chaddr: mac(2) }));
    expect(again.reply!.message.yiaddr).toBe(given[1]!.yiaddr);
    await server!.stop();
  }
});

test('an advertised address stands for the server in its replies, and requests for it are its own', async () => {
  const { ask } = await serve(basic({ advertise: '203.0.113.7', boot: { bios: 'pxelinux.0' } }));
  const pxe = { vendorClassIdentifier: 'PXEClient:Arch:00000:UNDI:002001', clientArchitecture: [0] };
  const offer = await ask(discover({ xid: 1, chaddr: mac(1), options: pxe }));
  expect(get(offer, 'serverIdentifier')).toBe('203.0.113.7');
  expect(offer.siaddr).toBe('203.0.113.7');
  expect(get(await ask(request(offer)), 'messageType')).toBe(MessageType.ACK);
});

test('one source empties no pool faster than the rate, neither by leases nor by declining what it is offered', async () => {
  const { wire, clock, ask } = await serve(basic({ limits: { newLeasesPerSecond: 1, newLeasesBurst: 3 } }));
  let next = 1;
  const takes = {
    lease: (offer: Message) => request(offer),
    decline: (offer: Message) =>
      createMessage({
        xid: 9,
        chaddr: offer.chaddr,
        options: { messageType: 4, requestedAddress: offer.yiaddr, serverIdentifier: '192.168.7.1' },
      }),
  };
  for (const take of Object.values(takes)) {
    const before = server!.leases().length;
    for (let n = 0; n < 10; n++) {
      const sent = wire.sent.length;
      wire.deliver(encode(discover({ xid: 1, chaddr: mac(next++) })));
      if (wire.sent.length > sent) wire.deliver(encode(take(decode(wire.sent.at(-1)!.bytes).message)));
    }
    expect(server!.leases().length - before).toBe(3);
    clock.advance(3_000);
  }
  expect(get(await ask(discover({ xid: 1, chaddr: mac(next) })), 'messageType')).toBe(MessageType.OFFER);
});

test('a clock that is set back or far ahead ends what has run out by it, and nobody is left without', async () => {
  let now = Date.UTC(2025, 0, 1);
  const ticks: (() => void)[] = [];
  const clock = {
    now: () => now,
    after(_: number, call: () => void) {
      ticks.push(call);
      return () => {};
    },
  };
  const { ask } = await serve({
    ...basic({ limits: { newLeasesPerSecond: 1, newLeasesBurst: 5 } }, { pools: ['192.168.7.100-192.168.7.101'] }),
    clock,
  });
  const lease = async (n: number) => ask(request(await ask(discover({ xid: n, chaddr: mac(n) }))));
  const first = await lease(1);
  now -= 10 * 365 * 86_400_000;
  expect((await lease(1)).yiaddr).toBe(first.yiaddr);
  const second = await lease(2);
  expect(server!.leases().map((each) => each.state)).toEqual(['active', 'active']);
  expect(get(await ask(renew(second, { xid: 3 })), 'leaseTime')).toBe(3600);
  now += 50 * 365 * 86_400_000;
  ticks.pop()!();
  expect(server!.leases().map((each) => each.state)).toEqual(['expired', 'expired']);
  expect((await lease(3)).yiaddr).toBe(first.yiaddr);
  expect((await lease(2)).yiaddr).toBe(second.yiaddr);
});

test('pools that moved: who has an address outside of them is refused when it renews, and gets one within', async () => {
  const store = memoryLeaseStore();
  const first = await serve({ ...basic({}, { pools: ['192.168.7.10-192.168.7.20'] }), leases: store });
  const ack = await first.ask(request(await first.ask(discover({ xid: 1, chaddr: mac(1) }))));
  await server!.stop();
  const { ask, wire } = await serve({ ...basic(), leases: store });
  wire.deliver(encode(renew(ack, { xid: 2 })), { source: { address: ack.yiaddr, port: 68 }, broadcast: false });
  await wire.until(1);
  expect(get(decode(wire.sent[0]!.bytes).message, 'messageType')).toBe(MessageType.NAK);
  const moved = await ask(request(await ask(discover({ xid: 3, chaddr: mac(1) }))));
  expect(moved.yiaddr).toMatch(/^192\.168\.7\.(1\d\d|200)$/);
  expect(Object.fromEntries(server!.leases().map((each) => [each.address, each.state]))).toEqual({
    [ack.yiaddr]: 'released',
    [moved.yiaddr]: 'active',
  });
});

describe('memory', () => {
  test('clients that begin are sent away before those that were offered an address', async () => {
    const store = { ...memoryLeaseStore(), commit: () => new Promise<void>(() => {}) };
    const wire = new Wire();
    const busy = createDhcpServer({ ...basic({ limits: { waiting: 20 } }), leases: store, transport: wire });
    await busy.start();
    for (let n = 0; n < 25; n++) wire.deliver(encode(discover({ xid: n, chaddr: mac(n) })));
    const offers = wire.sent.map(({ bytes }) => decode(bytes).message);
    expect(offers).toHaveLength(25);
    wire.deliver(encode(request(offers[0]!)));
    wire.deliver(encode(request(offers[1]!)));
    wire.deliver(encode(discover({ xid: 30, chaddr: mac(30) })));
    expect(busy.counters.drops).toEqual({ busy: 1 });
    for (const offer of offers.slice(2)) wire.deliver(encode(request(offer)));
    expect(busy.leases()).toHaveLength(20);
    expect(busy.counters.drops).toEqual({ busy: 1 + 5 });
  });

  test('the oldest offer gives way when as many are remembered as may be', async () => {
    const { wire } = await serve({ ...basic({ limits: { offers: 2 } }, { pools: ['192.168.7.100-192.168.7.102'] }) });
    for (let n = 0; n < 3; n++) wire.deliver(encode(discover({ xid: n, chaddr: mac(n) })));
    const [first, second, third] = wire.sent.map(({ bytes }) => decode(bytes).message.yiaddr);
    expect(new Set([first, second, third]).size).toBe(3);
    // Another client is given what the first one was offered, not what the others still hold.
    wire.deliver(encode(discover({ xid: 9, chaddr: mac(9) })));
    expect(decode(wire.sent[3]!.bytes).message.yiaddr).toBe(first);
  });
});
