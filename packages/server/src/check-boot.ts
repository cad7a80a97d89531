import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve as resolvePath } from 'node:path';
import { type Diagnostic, Source } from '@pxekit/diagnostics';
import { checkKernelArguments, resolveRelease } from '@pxekit/kickstart';
import { latin1FromBytes, lint, parse } from '@pxekit/pxelinux';
import { findBootFile } from './boot-tree.js';
import { findInside } from './paths.js';
import type { Decide } from './resolve.js';
import type { Site } from './site.js';
import { usesInstPrefix } from './treeinfo.js';

type Path = (string | number)[];
type Report = (severity: Diagnostic['severity'], code: string, path: Path, message: string) => void;

/** Whether a name is in the boot tree of a client that nobody knows. */
function isInTree(site: Site, decide: Decide, name: string): boolean {
  try {
    return findBootFile(site, name, () => ({}), decide) !== undefined;
  } catch {
    return false;
  }
}

/** Names under which guides copy a configuration into the root, where no client asks for it. */
const STRAY_NAMES = ['default', 'isolinux.cfg', 'pxelinux.cfg', 'syslinux.cfg', 'menu.cfg'];

const STRAY = 'pxelinux/config-file-name';

/** Lints the configuration files that stand in the TFTP root. */
export function checkPxelinuxFiles(site: Site, decide: Decide, texts: Map<string, string>): Diagnostic[] {
  const { tftp } = site.config;
  if (tftp === false || tftp.root === undefined) return [];
  const root = resolvePath(site.folder, tftp.root);
  const names = [...STRAY_NAMES, ...listFiles(join(root, 'pxelinux.cfg')).map((name) => `pxelinux.cfg/${name}`)];
  const found: Diagnostic[] = [];
  for (const name of names) {
    const file = safeFind(root, name);
    if (!file?.stats.isFile() || file.stats.size > 1_000_000) continue;
    const bytes = readFileSync(file.path);
    const source = join(root, name);
    texts.set(source, latin1FromBytes(bytes));
    const document = parse(new Uint8Array(bytes));
    const tree = { has: (path: string) => isInTree(site, decide, path) };
    const findings = lint(document, { file: name, tree });
    for (const each of findings) found.push({ ...each, source });
    if (!name.includes('/') && !findings.some(({ code }) => code === STRAY)) {
      const message = `No client asks for "${name}": PXELINUX reads files in the folder pxelinux.cfg, this one as pxelinux.cfg/default`;
      found.push({ code: STRAY, severity: 'warning', message, range: new Source(texts.get(source) as string).range(0, 0), source });
    }
    found.push(...checkArgumentsOf(texts.get(source) as string, source, site));
  }
  return found;
}

/** A bare `ks`, and words that were joined by a lost blank, in a hand-written file. */
function checkArgumentsOf(text: string, source: string, site: Site): Diagnostic[] {
  const found: Diagnostic[] = [];
  let offset = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const at = (start: number, end: number) => ({
      start: { offset: offset + start, line: index + 1, column: start + 1 },
      end: { offset: offset + end, line: index + 1, column: end + 1 },
    });
    if (/^\s*append\s/i.test(line)) {
      for (const { start, end, message } of argumentSlips(line, bootFileName(site))) {
        found.push({ code: 'config/kernel-arguments', severity: 'error', message, range: at(start, end), source });
      }
    }
    offset += line.length + 1;
  }
  return found;
}

function bootFileName(site: Site): string {
  return site.subnets.find(({ config }) => config.bootFile !== undefined)?.config.bootFile ?? site.loaders.bios?.name ?? 'pxelinux.0';
}

interface Slip {
  start: number;
  end: number;
  message: string;
}

const SEPARATE = /(?:initrd=\S*?\.(?:img|gz|cgz|xz))((?:ks|inst\.ks|method|inst\.repo|repo|ksdevice|vga|text|ramdisk_size|ip|quiet)\b=?)/g;

/** The slips of guides in kernel arguments: a blank that was lost behind an initrd, and `ks` without a value. */
function argumentSlips(line: string, bootFile: string): Slip[] {
  const slips: Slip[] = [];
  for (const match of line.matchAll(SEPARATE)) {
    const word = match[1] as string;
    const start = match.index + match[0].length - word.length;
    slips.push({
      start,
      end: start + word.length,
      message: `The blank before "${word}" is missing: the loader takes it for a part of the initrd's name`,
    });
  }
  for (const match of line.matchAll(/(?<=\s)(?:inst\.)?ks(?=\s|$)/g)) {
    const message = `"${match[0]}" without a value: the installer takes the DHCP file name for the kickstart, and that is "${bootFile}". Write ${match[0]}=URL`;
    slips.push({ start: match.index, end: match.index + match[0].length, message });
  }
  return slips;
}

/** Kernel arguments of the configuration: slips, and what the installer of the release does not read. */
export function checkArguments(site: Site, report: Report): void {
  const { config } = site;
  const look = (text: string, path: Path, release: string | undefined) => {
    for (const { message } of argumentSlips(` ${text}`, bootFileName(site))) report('error', 'config/kernel-arguments', path, message);
    const known = resolveRelease(release ?? '');
    if (known === undefined) return;
    for (const { code, severity, message } of checkKernelArguments(text, known)) report(severity, code, path, message);
  };
  const releaseOf = (profile: string | undefined) => site.images.get(config.profiles[profile ?? '']?.image ?? '')?.release;
  for (const [name, image] of Object.entries(config.images))
    look(image.arguments, ['images', name, 'arguments'], site.images.get(name)?.release);
  for (const [name, profile] of Object.entries(config.profiles)) look(profile.arguments, ['profiles', name, 'arguments'], releaseOf(name));
  for (const [index, machine] of config.machines.entries()) {
    if (machine.arguments !== '') look(machine.arguments, ['machines', index, 'arguments'], releaseOf(machine.profile));
  }
}

/** One file name for all architectures, profiles that nobody gets, and installers whose release is not known. */
export function checkUses(site: Site, report: Report): void {
  const { config } = site;
  for (const { config: subnet, index } of site.subnets) {
    if (subnet.bootFile === undefined) continue;
    const kind = /\.efi$/i.test(subnet.bootFile) ? 'BIOS' : 'UEFI';
    const message = `One boot file for every client: ${kind} machines cannot run "${subnet.bootFile}". Leave it out, and each architecture gets its own`;
    report('warning', 'config/one-boot-file', ['dhcp', 'subnets', index, 'bootFile'], message);
  }
  const used = new Set([config.unknown.profile, ...config.machines.map(({ profile }) => profile)]);
  const menuIsSeen = config.unknown.policy === 'allow' && config.unknown.profile === undefined;
  for (const [name, profile] of Object.entries(config.profiles)) {
    if (!used.has(name) && !(menuIsSeen && profile.menu))
      report('info', 'config/unreachable', ['profiles', name], `No machine and no menu gets profile "${name}"`);
  }
  checkCallHome(site, report);
  const images = new Set(Object.values(config.profiles).map(({ image }) => image));
  for (const image of site.images.values()) {
    if (!images.has(image.name)) report('info', 'config/unreachable', ['images', image.name], `No profile uses image "${image.name}"`);
    else if (
      image.release === undefined &&
      Object.values(config.profiles).some((profile) => profile.image === image.name && profile.kickstart !== undefined)
    ) {
      const read = usesInstPrefix(undefined) ? 'inst.ks=' : 'ks=';
      report(
        'info',
        'config/release',
        ['images', image.name],
        `The release of image "${image.name}" is not known: kickstarts are linted without it, and ${read} is written. Set \`release\``,
      );
    }
  }
}

/** Only a kickstart that is made here reports the end of an install; without that, a machine that installs once would install for ever. */
function checkCallHome({ config, images }: Site, report: Report): void {
  const told = new Set<string>();
  for (const machine of config.machines) {
    const profile = machine.profile === undefined ? undefined : config.profiles[machine.profile];
    if (!profile || machine.profile === undefined || told.has(machine.profile) || (machine.install ?? config.install) !== 'once') continue;
    const words = [images.get(profile.image)?.arguments, profile.arguments, machine.arguments].join(' ').split(/\s+/);
    const named = words.find((word) => /^(?:inst\.)?ks=/.test(word));
    if (profile.kickstart !== undefined && named === undefined) continue;
    told.add(machine.profile);
    const why = named === undefined ? 'it has no `kickstart`' : `its kickstart is ${named}`;
    const message = `Nothing tells the server that an install of profile "${machine.profile}" is done (${why}): machines install at every network boot until \`pxekit disarm\`. Name the file under \`kickstart\`, and leave out ks=`;
    report('warning', 'config/no-call-home', ['profiles', machine.profile], message);
  }
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function safeFind(root: string, name: string) {
  try {
    return findInside(root, name);
  } catch {
    return undefined;
  }
}
