import { type Document, inRange, KickstartBuilder, type Release, resolveRelease } from '@pxekit/kickstart';
import * as z from 'zod';
import { Failure } from '../../../failure.js';
import { namedRelease } from '../release.js';

/** A crypt(3) hash; a password in the clear has no place in answers that are kept. */
const hash = z.string().regex(/^(?:\$|[!*])/, 'a crypt(3) hash, as "openssl passwd -6" makes it');

/** Releases that files are written for. Older ones lack much of what is asked. */
const WRITTEN = 'F18-,RHEL7-';

const schema = z.strictObject({
  /** `RHEL9`, `rocky9`, `F40`. */
  release: z
    .string()
    .refine((name) => inRange(WRITTEN, resolveRelease(name) ?? ''), 'a release from RHEL 7 or Fedora 18 on, such as RHEL9, rocky9 or F40'),
  /** URL of the installation tree; without one the file says `cdrom`. */
  source: z.string().optional(),
  /** Further repositories, name to URL. */
  repositories: z.record(z.string(), z.string()).optional(),
  language: z.string().optional(),
  keyboard: z.string().optional(),
  timezone: z.string().optional(),
  network: z
    .strictObject({
      bootproto: z.enum(['dhcp', 'static']).optional(),
      device: z.string().optional(),
      hostname: z.string().optional(),
      ip: z.string().optional(),
      netmask: z.string().optional(),
      gateway: z.string().optional(),
      nameservers: z.array(z.string()).optional(),
    })
    .optional(),
  disk: z
    .strictObject({
      layout: z.enum(['lvm', 'plain', 'thinp', 'btrfs']).optional(),
      /** Which old partitions go. */
      wipe: z.enum(['all', 'linux', 'none']).optional(),
      /** Disks to use; without any, all. */
      drives: z.array(z.string()).optional(),
      /** For encrypted partitions, in the clear: the installer takes no hash here. */
      passphrase: z.string().optional(),
    })
    .optional(),
  /** Without one, root is locked. */
  rootPassword: hash.optional(),
  user: z
    .strictObject({
      name: z.string(),
      password: hash.optional(),
      gecos: z.string().optional(),
      /** Member of the group wheel. */
      admin: z.boolean().optional(),
      sshKey: z.string().optional(),
    })
    .optional(),
  /** As in `%packages`: `@^minimal-environment`, `@core`, `vim`, `-nano`. */
  packages: z.array(z.string()).optional(),
  selinux: z.enum(['enforcing', 'permissive', 'disabled']).optional(),
  /** Services that the firewall lets in; `false` switches it off. */
  firewall: z.union([z.array(z.string()), z.literal(false)]).optional(),
  kernelArguments: z.string().optional(),
  /** Shell script that runs at the end of the installation. */
  post: z.string().optional(),
  end: z.enum(['reboot', 'poweroff', 'halt']).optional(),
});

/** What a new kickstart file is made from. The wizard asks for it, and a YAML file can hold it. */
export type Answers = z.infer<typeof schema>;

/**
 * Answers from a YAML file, looked through.
 *
 * @throws {Failure} `CLI_BAD_ANSWERS` that names the key and what it should be
 */
export function readAnswers(value: unknown): Answers {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const place = issue?.path.join('.') || 'The file';
  throw new Failure(`${place}: ${issue?.message}`, {
    code: 'CLI_BAD_ANSWERS',
    hint: 'Correct the answers; "pxekit ks new --save" shows their form.',
  });
}

/** The kickstart file that the answers come to. */
export function kickstartOf(answers: Answers, name = 'ks.cfg'): Document {
  const release = namedRelease(answers.release);
  const ks = new KickstartBuilder();
  ks.comment(`Kickstart file for ${answers.release}, written by pxekit ks new`).blank();
  writeInstallation(ks, answers, release);
  writeSystem(ks, answers, release);
  writeDisk(ks, answers);
  ks.command(answers.end ?? 'reboot');
  ks.packages(answers.packages ?? ['@core']);
  if (answers.post !== undefined) ks.script('post', answers.post, { log: '/root/ks-post.log' });
  return ks.build({ name });
}

function writeInstallation(ks: KickstartBuilder, { source, repositories = {} }: Answers, release: Release): void {
  if (!inRange('F29-,RHEL8-', release)) ks.command('install');
  ks.command('text', [], { 'non-interactive': inRange('F26-,RHEL8-', release) });
  if (source === undefined) ks.command('cdrom');
  else ks.command('url', [], { url: source });
  for (const [repository, baseurl] of Object.entries(repositories)) ks.command('repo', [], { name: repository, baseurl });
  ks.blank();
}

function writeSystem(ks: KickstartBuilder, answers: Answers, release: Release): void {
  const { language = 'en_US.UTF-8', keyboard = 'us', timezone = 'Etc/UTC', network = {}, rootPassword, user } = answers;
  ks.command('lang', [language]);
  ks.command('keyboard', [], { vckeymap: keyboard });
  ks.command('timezone', [timezone], { utc: true });
  const { bootproto = 'dhcp', device = 'link', nameservers, ...rest } = network;
  ks.command('network', [], {
    bootproto,
    device,
    ...rest,
    ...(nameservers && { nameserver: nameservers.join(',') }),
    activate: true,
  });
  ks.blank();
  if (rootPassword === undefined) ks.command('rootpw', [], { lock: true });
  else ks.command('rootpw', [rootPassword], { iscrypted: true });
  if (user) writeUser(ks, user, release);
  ks.command('selinux', [], { [answers.selinux ?? 'enforcing']: true });
  if (answers.firewall === false) ks.command('firewall', [], { disabled: true });
  else ks.command('firewall', [], { enabled: true, service: answers.firewall ?? ['ssh'] });
  ks.command('firstboot', [], { disable: true });
  ks.blank();
}

function writeUser(ks: KickstartBuilder, { name, password, gecos, admin, sshKey }: NonNullable<Answers['user']>, release: Release): void {
  ks.command('user', [], {
    name,
    ...(admin && { groups: ['wheel'] }),
    ...(gecos !== undefined && { gecos }),
    ...(password !== undefined && { password, iscrypted: true }),
  });
  if (sshKey === undefined) return;
  if (!inRange('F22-,RHEL8-', release)) {
    const hint = 'Put the key into ~/.ssh/authorized_keys with "post".';
    throw new Failure(`${release} has no command for user.sshKey`, { code: 'CLI_BAD_ANSWERS', hint });
  }
  ks.command('sshkey', [sshKey], { username: name });
}

function writeDisk(ks: KickstartBuilder, { disk = {}, kernelArguments }: Answers): void {
  const { layout = 'lvm', wipe = 'all', drives = [], passphrase } = disk;
  if (drives.length > 0) ks.command('ignoredisk', [], { 'only-use': drives });
  ks.command('zerombr');
  ks.command('clearpart', [], { [wipe]: true, initlabel: wipe === 'all', ...(drives.length > 0 && { drives }) });
  ks.command('bootloader', [], { ...(kernelArguments !== undefined && { append: kernelArguments }) });
  ks.command('autopart', [], {
    type: layout,
    ...(passphrase !== undefined && { encrypted: true, passphrase }),
  });
  ks.blank();
}
