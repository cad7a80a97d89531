import { readFileSync } from 'node:fs';
import { simulateBoot } from '@pxekit/pxelinux';
import { describe, expect, it } from 'vitest';

/** A boot of the real PXELINUX 6.04, recorded with record-boots.mjs. */
interface RecordedBoot {
  name: string;
  files: Record<string, string>;
  /** Modules on the server beside ldlinux.c32; default: those of both menus. */
  modules?: string[];
  /** What the loader asked for, from its configuration on; it goes on when the dummy kernel does not start. */
  requests: string[];
}

const MODULES = ['menu.c32', 'libutil.c32', 'vesamenu.c32', 'libcom32.c32'];
const CLIENT = { mac: '52:54:00:ab:cd:ef', ip: '10.0.2.15', uuid: '085994b8-a6d6-a941-611d-74a6ab80b83d', bootFile: 'pxelinux.0' };
const boots = JSON.parse(readFileSync(new URL('boots.json', import.meta.url), 'utf8')) as RecordedBoot[];

describe('simulateBoot asks for the files that the real loader asked for', () => {
  it.each(boots.map((boot) => [boot.name, boot] as const))('%s', (_, { files, modules = MODULES, requests }) => {
    const there = new Set(['ldlinux.c32', ...modules, ...Object.keys(files)]);
    const { waits, requests: ours } = simulateBoot(CLIENT, { has: (path) => there.has(path), read: (path) => files[path] });
    const paths = ours.map(({ path }) => path);
    const asked = paths.slice(paths.indexOf('pxelinux.cfg/default'));
    if (waits) expect(asked.slice(0, requests.length)).toEqual(requests);
    else expect(requests.slice(0, asked.length)).toEqual(asked);
  });
});
