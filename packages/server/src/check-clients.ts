import { readdirSync } from 'node:fs';
import { join, resolve as resolvePath } from 'node:path';
import { classify, discover } from '@pxekit/dhcp';
import type { Diagnostic } from '@pxekit/diagnostics';
import { parseIpv4 } from './ipv4.js';
import { architectureOf } from './platforms.js';
import type { Decide, Decision } from './resolve.js';
import { CLIENT_KINDS, CLIENTS, type ClientKind } from './simulate/clients.js';
import { bootOnPaper, type PaperClient } from './simulate/paper.js';
import type { Site } from './site.js';

type Path = (string | number)[];
type Report = (severity: Diagnostic['severity'], code: string, path: Path, message: string) => void;

/** Stands for the name of the machine where texts of several are compared. */
const NAME = '\0';

/** What stops machines, and which. */
interface Problem {
  /** Place and name of the first. */
  path: Path;
  name: string;
  who: Set<string>;
  kinds: Set<ClientKind>;
}

/**
 * Boots every machine on paper, as every kind of client that the configuration can serve, and reports what stops it.
 * Boots that cannot differ are walked once: those with the same answer, the same menu and no file of their own.
 */
export async function checkClients(site: Site, decide: Decide, report: Report): Promise<void> {
  const walked = new Map<string, string | undefined>();
  const problems = new Map<string, Problem>();
  const named = filesOfMachines(site);
  const look = async (kind: ClientKind, mac: string, path: Path, who: string) => {
    const client = clientOf(kind, mac);
    const decision = decide(client, 'configuration');
    if (!isServed(site, kind, decision)) return;
    const key = keyOf(client, decision, named);
    if (!walked.has(key)) walked.set(key, (await bootOnPaper(site, decide, client, decision))?.replaceAll(decision.name, NAME));
    const reason = walked.get(key);
    if (reason === undefined) return;
    const problem = problems.get(reason) ?? { path, name: decision.name, who: new Set(), kinds: new Set() };
    problems.set(reason, problem);
    problem.who.add(who);
    problem.kinds.add(kind);
  };
  for (const [index, machine] of site.config.machines.entries()) {
    const path: Path = ['machines', index, ...(machine.profile === undefined ? [] : ['profile'])];
    for (const mac of machine.mac) for (const kind of kindsOf(mac)) await look(kind, mac, path, `Machine "${machine.name}"`);
  }
  if (site.config.unknown.policy !== 'deny')
    for (const kind of CLIENT_KINDS) await look(kind, CLIENTS[kind].mac, ['unknown'], 'An unknown machine');
  for (const [reason, { path, name, who, kinds }] of problems) {
    const [first] = who;
    const more = who.size === 1 ? '' : ` (and ${who.size - 1} more)`;
    report('error', 'config/boot', path, `${first}${more} does not boot as ${[...kinds].join(', ')}: ${reason.replaceAll(NAME, name)}`);
  }
}

const RASPBERRY_PI: readonly ClientKind[] = ['rpi', 'uefi-arm64'];
const PCS = CLIENT_KINDS.filter((kind) => kind !== 'rpi');

/** The kinds of client that a machine with this address can be. */
function kindsOf(mac: string): readonly ClientKind[] {
  const message = discover({ xid: 0, chaddr: mac, options: { vendorClassIdentifier: CLIENTS.rpi.vendorClass } });
  return classify(message).kind === 'raspberry-pi' ? RASPBERRY_PI : PCS;
}

function clientOf(kind: ClientKind, mac: string): PaperClient {
  const isRaspberryPi = kind === 'rpi';
  const architecture = isRaspberryPi ? architectureOf('rpi') : CLIENTS[kind].architecture;
  return { mac, architecture, isRaspberryPi, ipxe: kind === 'ipxe', http: kind === 'uefi-http' };
}

/** Whether such a client gets a boot file that it can run. That there is none, or one file for all, is told elsewhere. */
function isServed(site: Site, kind: ClientKind, { bootFile }: Decision): boolean {
  if (bootFile === undefined) return false;
  // Without firmware in the root it is in folders of serial numbers, which addresses do not tell.
  if (kind === 'rpi') return site.loaders.rpi !== undefined;
  if (bootFile.kind === 'script') return true;
  const isEfi = /\.efi$/i.test(bootFile.file);
  if (kind === 'uefi-http') return isEfi && /^https?:/.test(bootFile.file);
  return isEfi === kind.startsWith('uefi');
}

/** Files of the TFTP root that are meant for single machines or networks, in lower case. */
function filesOfMachines(site: Site): ReadonlySet<string> {
  const { tftp } = site.config;
  if (tftp === false || tftp.root === undefined) return new Set();
  const root = resolvePath(site.folder, tftp.root);
  const loaders = Object.values(site.loaders).map(({ name }) => name.slice(0, name.lastIndexOf('/') + 1));
  const folders = [...new Set(loaders)].map((folder) => join(folder, 'pxelinux.cfg'));
  const names = [...folders, 'grub/machines', 'ipxe'].flatMap((folder) => namesIn(join(root, folder)));
  return new Set(names.map((name) => name.toLowerCase()).filter((name) => name !== 'default'));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What a boot on paper depends on. */
function keyOf({ mac, architecture, ipxe }: PaperClient, { name, bootFile, menu, address }: Decision, named: ReadonlySet<string>): string {
  const own = named.size === 0 ? [] : namesOf(mac, address).filter((each) => named.has(each));
  const entries = menu?.entries.map((entry) => {
    // The name of the machine stands in its URLs; what counts of it is that the line may become too long.
    return [entry.name, entry.image.name, entry.arguments.replaceAll(name, NAME), entry.arguments.length];
  });
  const file = bootFile?.kind === 'script' ? 'script' : bootFile?.file;
  return JSON.stringify([architecture, ipxe, file, bootFile?.nextServer, menu?.default, menu?.ui, menu?.timeout, entries, own]);
}

/** Names under which a file can be meant for one machine. */
function namesOf(mac: string, address: string | undefined): string[] {
  const dashed = mac.replaceAll(':', '-');
  const hex = (parseIpv4(address ?? '') ?? 0).toString(16).padStart(8, '0');
  const parts = address === undefined ? [] : Array.from({ length: 8 }, (_, at) => hex.slice(0, 8 - at));
  return [`01-${dashed}`, `${mac}.cfg`, `${dashed}.cfg`, `${dashed}.ipxe`, ...parts];
}
