import { createHash } from 'node:crypto';
import { resolve as resolvePath } from 'node:path';
import type { MachineConfig } from './config/schema.js';
import { ServerError } from './errors.js';
import type { EventStream } from './events.js';
import { normalizeMac } from './ipv4.js';
import type { MachineRecord, MachineStore, Sighting } from './machines.js';
import type { BootClient, Decide, Decision } from './resolve.js';
import type { Site } from './site.js';
import { renderTemplate, type TemplateContext } from './templates.js';

/** What all services share. `site` is replaced as a whole when the configuration is read again. */
export interface Core {
  site: Site;
  machines: MachineStore;
  events: EventStream;
  now(): number;
  /** The resolver for the present site. */
  decide: Decide;
}

/** The policy by which a machine installs. */
export function installPolicy({ config }: Site, machine: MachineConfig | undefined) {
  return machine?.install ?? config.install;
}

/** Whether a machine that is seen for the first time is to be installed. */
function isExpected(site: Site, mac: string): boolean {
  const machine = site.machinesByMac.get(mac)?.machine;
  return machine?.profile !== undefined && installPolicy(site, machine) !== 'manual';
}

/** The hardware address that `doctor` asks for other DHCP servers with: no machine. */
export const DOCTOR_MAC = '02:70:78:65:6b:69';

/** Notes that a machine was seen. */
export function see(core: Core, mac: string, sighting: Sighting): MachineRecord | undefined {
  if (mac === DOCTOR_MAC) return undefined;
  const isNew = core.machines.get(mac) === undefined;
  const record = core.machines.see(mac, sighting, isExpected(core.site, mac));
  if (isNew) core.events.emit('machine.seen', { mac, machine: nameOf(core.site, mac), state: record.state });
  return record;
}

/** The name in the configuration, or the hardware address with dashes. */
export function nameOf(site: Site, mac: string): string {
  return site.machinesByMac.get(mac)?.machine.name ?? mac.replaceAll(':', '-');
}

/** The hardware address of a machine by its name, its address in any spelling, or its name's form for unknown machines. */
export function macOf(site: Site, name: string): string | undefined {
  return site.machinesByName.get(name)?.machine.mac[0] ?? normalizeMac(name);
}

/** What is known of a client by its hardware address or its IP address. */
export function clientOf(core: Core, { mac, address }: { mac?: string | undefined; address?: string | undefined }): BootClient {
  const memory = mac === undefined ? (address === undefined ? undefined : core.machines.byAddress(address)) : core.machines.get(mac);
  const known = mac ?? memory?.mac;
  return { mac: known, address, memory, uuid: memory?.uuid, architecture: memory?.architecture };
}

/** What a machine is called in events, from an address that asked. */
export function whoIs(core: Core, address: string): { mac?: string; machine?: string } {
  const mac = core.machines.macAt(address);
  return mac === undefined ? {} : { mac, machine: nameOf(core.site, mac) };
}

export interface RenderedKickstart {
  text: string;
  /** Hexadecimal. */
  sha256: string;
  template: string;
  profile: string;
  release: string | undefined;
  decision: Decision;
}

/**
 * The kickstart of a client, rendered; `undefined` when it has none.
 * It is given in any state of the machine, so that people can look at it.
 *
 * @throws {TemplateError} when the template does not render.
 */
export async function renderKickstart(
  core: Pick<Core, 'site' | 'decide'>,
  client: BootClient,
  profile?: string,
): Promise<RenderedKickstart | undefined> {
  const { site } = core;
  const memory = { ...client.memory, state: 'armed' as const, kickstartAt: undefined, ...(profile === undefined ? {} : { profile }) };
  const decision = core.decide({ ...client, memory }, 'kickstart');
  const { kickstart, machine } = decision;
  if (!kickstart) return undefined;
  const image = site.images.get(site.config.profiles[kickstart.profile]?.image ?? '');
  const reports =
    site.config.callHome && installPolicy(site, machine) === 'once' && client.memory?.token !== undefined && site.httpUrl !== undefined;
  const callHome = reports ? `${site.httpUrl}/call-home/${encodeURIComponent(decision.name)}/${client.memory?.token}` : undefined;
  const context: TemplateContext = {
    ...kickstart.variables,
    machine: {
      name: decision.name,
      hostname: machine?.hostname ?? decision.name,
      mac: client.mac,
      address: decision.address ?? client.address,
      uuid: machine?.uuid ?? client.uuid,
      profile: kickstart.profile,
    },
    server: { address: site.address, url: site.httpUrl },
    image: image && { name: image.name, url: site.httpUrl && `${site.httpUrl}/images/${image.name}`, release: image.release },
    callHome,
  };
  let text = await renderTemplate(resolvePath(site.folder, kickstart.template), context);
  if (callHome !== undefined && !text.includes(callHome)) text = withCallHome(text, callHome, image?.release);
  return {
    text,
    sha256: createHash('sha256').update(text).digest('hex'),
    template: kickstart.template,
    profile: kickstart.profile,
    release: image?.release,
    decision,
  };
}

/** Adds the script that reports the end of the install. Releases before RHEL 6 know no `%end`. */
function withCallHome(text: string, url: string, release: string | undefined): string {
  const end = /^(?:RHEL[2-5]|FC[1-8])$/i.test(release ?? '') ? '' : '%end\n';
  const script = `curl -fsS --retry 5 -X POST '${url}' || wget -q -O /dev/null --post-data= '${url}'`;
  return `${text}${text.endsWith('\n') ? '' : '\n'}\n# Added by pxekit: reports the end of the install, so that the machine boots its disk from now on.\n%post\n${script}\n${end}`;
}

/** The hardware address a person means, or an error that says what there is. */
export function requireMac(site: Site, name: string, known: readonly string[] = []): string {
  const mac = macOf(site, name);
  if (mac !== undefined) return mac;
  const names = [...site.machinesByName.keys(), ...known].slice(0, 10).join(', ');
  throw new ServerError(`No machine "${name}"`, {
    code: 'SERVER_UNKNOWN_MACHINE',
    hint: names === '' ? 'Name a hardware address such as 52:54:00:12:34:56.' : `There are: ${names}.`,
  });
}
