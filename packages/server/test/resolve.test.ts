import { type BootClient, resolve } from '@pxekit/server';
import { describe, expect, it } from 'vitest';
import { DEMO, siteOf } from './site-of.js';

const MAC = '52:54:00:12:34:56';
const now = Date.UTC(2026, 0, 1);
const decide = (client: BootClient, site = siteOf()) => resolve(site, client, 'kickstart', { now });

describe('resolve', () => {
  it('gives a configured machine its boot program, kernel line and kickstart', () => {
    const decision = decide({ mac: MAC, architecture: 0 });
    expect(decision).toMatchObject({
      name: 'm1',
      action: 'install',
      profile: 'demo',
      bootFile: { file: 'pxelinux.0', nextServer: '10.77.0.1', kind: 'pxelinux' },
      kickstart: { template: 'ks.cfg.liquid', url: 'http://10.77.0.1/ks/m1' },
    });
    expect(decision.menu?.entries[0]?.arguments).toBe('console=ttyS0 inst.ks=http://10.77.0.1/ks/m1');
  });

  it('says for each step which rule won and where it stands', () => {
    expect(decide({ mac: MAC, architecture: 0 }).trace).toContainEqual({
      stage: 'action',
      rule: 'profile of the machine',
      outcome: 'demo',
      path: ['machines', 0, 'profile'],
    });
  });

  it('boots the disk of an installed machine', () => {
    const decision = decide({ mac: MAC, memory: { state: 'installed' } });
    expect(decision).toMatchObject({ action: 'local', menu: { default: 'local', entries: [] } });
    expect(decision.kickstart).toBeUndefined();
  });

  it('installs every time where the machine says `always`', () => {
    const site = siteOf({ ...DEMO, install: 'always' });
    expect(decide({ mac: MAC, memory: { state: 'installed' } }, site).action).toBe('install');
  });

  it('boots the disk of a machine that waits to be armed', () => {
    const site = siteOf({ ...DEMO, install: 'manual' });
    expect(decide({ mac: MAC }, site).action).toBe('local');
    expect(decide({ mac: MAC, memory: { state: 'armed' } }, site).action).toBe('install');
  });

  it('takes an install for done once its deadline has passed', () => {
    const at = (minutes: number) => decide({ mac: MAC, memory: { state: 'installing', kickstartAt: now - minutes * 60_000 } }).action;
    expect([at(10), at(121)]).toEqual(['install', 'local']);
  });

  it('offers unknown machines the menu', () => {
    const decision = decide({ mac: '52:54:00:99:99:99' });
    expect(decision).toMatchObject({ action: 'menu', menu: { timeout: 10, default: 'local', ui: 'menu.c32' } });
    expect(decision.menu?.entries[0]?.arguments).toContain('inst.ks=http://10.77.0.1/profiles/demo/ks');
  });

  it('ignores unknown machines under `deny` and says why', () => {
    const site = siteOf({ ...DEMO, unknown: 'deny' });
    expect(decide({ mac: '52:54:00:99:99:99' }, site).ignored).toMatch(/`unknown` is "deny"/);
    expect(decide({ mac: MAC }, site).ignored).toBeUndefined();
  });

  it('only notes unknown machines under `discover`', () => {
    expect(decide({ mac: '52:54:00:99:99:99' }, siteOf({ ...DEMO, unknown: 'discover' })).action).toBe('local');
  });

  it('writes `ks=` and `method=` for installers before Fedora 17 and RHEL 7', () => {
    const site = siteOf({ ...DEMO, images: { demo: { folder: 'images/demo', kernel: 'vmlinuz', release: 'RHEL6' } } });
    expect(decide({ mac: MAC }, site).menu?.entries[0]?.arguments).toBe('ks=http://10.77.0.1/ks/m1');
  });

  it('leaves a kickstart alone that the arguments name already', () => {
    const site = siteOf({
      ...DEMO,
      profiles: { demo: { image: 'demo', kickstart: 'ks.cfg.liquid', arguments: 'inst.ks=http://other/ks' } },
    });
    expect(decide({ mac: MAC }, site).menu?.entries[0]?.arguments).toBe('console=ttyS0 inst.ks=http://other/ks');
  });

  it('gives iPXE a script where asked to, and UEFI HTTP clients a URL', () => {
    expect(decide({ mac: MAC, ipxe: true }).bootFile?.file).toBe('pxelinux.0');
    const script = 'http://10.77.0.1/boot/ipxe/52-54-00-12-34-56.ipxe';
    expect(decide({ mac: MAC, ipxe: true }, siteOf({ ...DEMO, ipxe: 'script' })).bootFile?.file).toBe(script);
    const site = siteOf({ ...DEMO, loaders: { 'uefi-http-x64': 'pxelinux.0' } });
    expect(decide({ mac: MAC, architecture: 16, http: true }, site).bootFile?.file).toBe('http://10.77.0.1/boot/pxelinux.0');
  });

  it('answers a Raspberry Pi, which asks for its files by itself', () => {
    expect(decide({ mac: MAC, architecture: 41 }).bootFile).toMatchObject({ file: 'start4.elf', nextServer: '10.77.0.1' });
    expect(decide({ mac: MAC, architecture: 41 }, siteOf({ ...DEMO, tftp: false })).bootFile).toBeUndefined();
  });

  it('gives no boot file for an architecture without a boot program', () => {
    expect(decide({ mac: MAC, architecture: 10 }).bootFile).toBeUndefined();
  });

  it('puts the secret of the machine into kickstart URLs where asked to', () => {
    const site = siteOf({ ...DEMO, kickstartTokens: true });
    expect(decide({ mac: MAC, memory: { state: 'armed', token: 'secret' } }, site).kickstart?.url).toBe('http://10.77.0.1/ks/m1/secret');
  });
});
