import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { neighbours } from '../src/neighbours.js';
import { mac } from './support.js';

describe('entries of the neighbour table', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pxekit-neighbours-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A stand-in for `ip -batch -` that knows no device but eth0, and says what it thinks of many lines at once. */
  const command = (body: string) => {
    const path = join(folder, `ip${Math.random()}`);
    writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    return path;
  };
  const batch = `n=0
while read -r what verb address rest; do
  n=$((n + 1))
  case "$verb $rest" in
    *eth0*) [ "$verb" = get ] && echo "$address dev eth0 lladdr 52:54:00:00:00:01 STALE " ;;
    *) printf 'Cannot find device\\nCommand failed -:%d\\n' $n >&2 ;;
  esac
done`;

  test('each is told whether its own entry stands, whichever others fail beside it', async () => {
    const { add, close } = neighbours(command(batch));
    const devices = ['eth0', 'gone', 'gone', 'eth0', 'gone', 'eth0'];
    const stand = await Promise.all(devices.map((device, n) => add(`10.0.0.${n}`, mac(n), device)));
    expect(stand).toEqual(devices.map((device) => device === 'eth0'));
    close();
  });

  test('none stands where the program is missing or ends, or there is no Ethernet address', async () => {
    expect(await neighbours('/nonexistent/ip').add('10.0.0.1', mac(1), 'eth0')).toBe(false);
    const ending = neighbours(command('exit 1'));
    expect(await ending.add('10.0.0.1', mac(1), 'eth0')).toBe(false);
    expect(await ending.add('10.0.0.1', mac(1), 'eth0')).toBe(false);
    expect(await neighbours(command(batch)).add('10.0.0.1', '', 'eth0')).toBe(false);
    expect(await neighbours(command(batch)).add('10.0.0.1', mac(1), undefined)).toBe(false);
  });
});
