import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MachineStore } from '@pxekit/server';
import { describe, expect, it, onTestFinished } from 'vitest';

const MAC = '52:54:00:12:34:56';

function store() {
  const clock = { now: 1000 };
  return { clock, machines: new MachineStore(':memory:', { now: () => clock.now }) };
}

describe('MachineStore', () => {
  it('goes from armed to installing to installed', () => {
    const { clock, machines } = store();
    const { state, token } = machines.see(MAC, { address: '10.0.0.9' }, true);
    expect(state).toBe('armed');
    clock.now = 2000;
    expect(machines.kickstartFetched(MAC)).toMatchObject({ state: 'installing', kickstartAt: 2000 });
    clock.now = 3000;
    expect(machines.kickstartFetched(MAC)).toMatchObject({ state: 'installing', kickstartAt: 2000 });
    expect(machines.installed(MAC, 'wrong')).toBeUndefined();
    expect(machines.installed(MAC, token)).toMatchObject({ state: 'installed', installedAt: 3000 });
  });

  it('notes unknown machines, and expects them once they are configured', () => {
    const { machines } = store();
    expect(machines.see(MAC, {}, false).state).toBe('discovered');
    expect(machines.see(MAC, {}, true).state).toBe('armed');
  });

  it('arms an installed machine with a new secret', () => {
    const { machines } = store();
    const { token } = machines.see(MAC, {}, true);
    machines.installed(MAC, token);
    const again = machines.arm(MAC, 'other');
    expect(again).toMatchObject({ state: 'armed', profile: 'other' });
    expect(again.token).not.toBe(token);
    expect(machines.installed(MAC, token)).toBeUndefined();
    expect(machines.disarm(MAC).state).toBe('local');
  });

  it('finds the machine last seen with an address', () => {
    const { clock, machines } = store();
    machines.see(MAC, { address: '10.0.0.9' }, false);
    clock.now = 2000;
    machines.see('52:54:00:00:00:02', { address: '10.0.0.9' }, false);
    expect(machines.byAddress('10.0.0.9')?.mac).toBe('52:54:00:00:00:02');
  });

  it('keeps the latest events of a machine', () => {
    const { machines } = store();
    for (let at = 0; at < 700; at++) machines.note(MAC, { time: '', type: `t${at}`, level: 'info' });
    const events = machines.timeline(MAC);
    expect(events.length).toBeLessThanOrEqual(550);
    expect(events.at(-1)?.event.type).toBe('t699');
    expect(machines.timeline(MAC, events.at(-2)?.id)).toHaveLength(1);
  });

  it('has events in the timeline at once, and on disk for other processes soon after', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'pxekit-machines-')), 'machines.db');
    const [writer, reader] = [new MachineStore(file), new MachineStore(file)];
    onTestFinished(() => [writer, reader].forEach((each) => void each.close()));
    const event = { time: '2026-01-01T00:00:00.000Z', type: 'a.b', level: 'info' } as const;
    writer.note(MAC, event);
    await expect.poll(() => reader.timeline(MAC).map((each) => each.event)).toEqual([event]);
    writer.note(MAC, event);
    expect(writer.timeline(MAC)).toHaveLength(2);
  });

  it('takes packets of one moment for one sighting', () => {
    const { clock, machines } = store();
    machines.see(MAC, {}, true);
    clock.now = 1500;
    expect(machines.see(MAC, {}, true).lastSeen).toBe(1000);
    expect(machines.see(MAC, { address: '10.0.0.9' }, true).lastSeen).toBe(1500);
    clock.now = 2500;
    expect(machines.see(MAC, {}, true).lastSeen).toBe(2500);
  });
});
