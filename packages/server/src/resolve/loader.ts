import { loaderKind } from '../loaders.js';
import { type Platform, platformOf } from '../platforms.js';
import type { BootClient, BootFile, Decision, TraceStep } from '../resolve.js';
import type { Site } from '../site.js';
import { machinePath } from './machine.js';

/** iPXE that UEFI firmware loaded over HTTP asks again with the architecture of a PXE client. */
const OVER_HTTP: Partial<Record<Platform, Platform>> = { 'uefi-x64': 'uefi-http-x64', 'uefi-arm64': 'uefi-http-arm64' };

/** Its boot program, or the script for iPXE. */
export function resolveLoader(site: Site, client: BootClient, decision: Decision) {
  const { config } = site;
  const step = (rule: string, outcome: string, path?: TraceStep['path']) => decision.trace.push({ stage: 'loader', rule, outcome, path });
  const platform = platformOf(client.architecture);
  decision.platform = platform;
  if (client.boots === false) return void step('client does not ask for a boot file', 'address only');
  const own = decision.machine?.nextServer;
  const nextServer = own ?? decision.subnet?.config.nextServer ?? site.address;
  const finish = (file: string, kind: BootFile['kind']) => {
    decision.bootFile = { file, nextServer, kind };
  };
  if (decision.machine?.bootFile !== undefined) {
    step('boot file of the machine', decision.machine.bootFile, machinePath(site, decision, 'bootFile'));
    return finish(decision.machine.bootFile, loaderKind(decision.machine.bootFile));
  }
  // iPXE that was loaded by our own boot program must get a script, or it would load itself for ever.
  const loadedIpxe = platform !== undefined && [platform, OVER_HTTP[platform]].some((each) => each && site.loaders[each]?.kind === 'ipxe');
  if (client.ipxe && (config.ipxe === 'script' || loadedIpxe)) {
    const name = `ipxe/${(client.mac ?? 'default').replaceAll(':', '-')}.ipxe`;
    const script = site.httpUrl === undefined ? name : `${site.httpUrl}/boot/${name}`;
    step('client is iPXE', script);
    return finish(script, 'script');
  }
  if (decision.subnet?.config.bootFile !== undefined) {
    const { bootFile } = decision.subnet.config;
    step('boot file of the subnet', bootFile, ['dhcp', 'subnets', decision.subnet.index, 'bootFile']);
    return finish(bootFile, loaderKind(bootFile));
  }
  if (platform === undefined) return void step(`architecture ${client.architecture}`, 'no boot file: there is no boot program for it');
  const loader = site.loaders[platform];
  const rule = `architecture ${client.architecture ?? '0 (none given)'}, ${platform}`;
  if (!loader && platform === 'rpi' && config.tftp !== false) {
    // What the answer names does not matter to it, that there is an answer does.
    step(rule, 'start4.elf: it asks for its files by itself, in the folder of its serial number first');
    return finish('start4.elf', 'other');
  }
  if (!loader) return void step(rule, 'no boot file: no boot program was found', ['loaders', platform]);
  const overHttp = client.http || platform.startsWith('uefi-http');
  if (overHttp && site.httpUrl === undefined) return void step(rule, 'no boot file: HTTP is off', ['http']);
  const file = overHttp ? `${site.httpUrl}/boot/${loader.name}` : loader.name;
  step(rule, file, config.loaders[platform] === undefined ? undefined : ['loaders', platform]);
  finish(file, loader.kind);
}
