import { inRange, RELEASES } from '@pxekit/kickstart';
import { namedRelease } from '../release.js';
import type { Answers } from './answers.js';
import { crypt } from './crypt.js';

/** The questions a wizard can ask. Each throws when the person gives up. */
export interface Prompts {
  text(options: { message: string; initial?: string; optional?: boolean; check?: (value: string) => string | undefined }): Promise<string>;
  password(options: { message: string }): Promise<string>;
  confirm(options: { message: string; initial: boolean }): Promise<boolean>;
  select<T extends string>(options: {
    message: string;
    choices: readonly { value: T; label: string; hint?: string }[];
    initial?: T;
  }): Promise<T>;
}

const plain = <const T extends string>(...values: readonly T[]) => values.map((value) => ({ value, label: String(value) }));

const words = (text: string) => text.split(/[\s,]+/).filter(Boolean);

/** Asks for everything that an unattended installation needs. */
export async function ask(prompts: Prompts): Promise<Answers> {
  const release = await prompts.select({
    message: 'Which release?',
    choices: [
      ...RELEASES.filter((name) => /^RHEL(?:[7-9]|1\d)$/.test(name)).reverse(),
      ...RELEASES.filter((name) => /^F(?:39|4\d)$/.test(name)).reverse(),
    ].map((value) => ({ value: value as string, label: value, ...(value === 'RHEL9' && { hint: 'and Rocky, Alma, CentOS Stream 9' }) })),
    initial: 'RHEL9',
  });
  const answers: Answers = { release };
  const source = await prompts.text({
    message: 'URL of the installation tree (empty for the CD-ROM)',
    optional: true,
    check: (value) => (value === '' || /^(?:https?|ftp|file):\/\//.test(value) ? undefined : 'A URL, please'),
  });
  if (source !== '') answers.source = source;
  answers.language = await prompts.text({ message: 'Language', initial: 'en_US.UTF-8' });
  answers.keyboard = await prompts.text({ message: 'Keyboard', initial: 'us' });
  answers.timezone = await prompts.text({ message: 'Time zone', initial: 'Etc/UTC' });
  answers.network = await askNetwork(prompts);
  answers.disk = await askDisk(prompts, release);
  await askAccounts(prompts, answers);
  answers.packages = [await askEnvironment(prompts), ...words(await prompts.text({ message: 'Further packages', optional: true }))];
  const selinux = await prompts.select({
    message: 'SELinux',
    choices: plain('enforcing', 'permissive', 'disabled'),
    initial: 'enforcing',
  });
  const open = await prompts.text({ message: 'Services that the firewall lets in', initial: 'ssh', optional: true });
  answers.firewall = words(open);
  const end = await prompts.select({ message: 'When it is done', choices: plain('reboot', 'poweroff', 'halt'), initial: 'reboot' });
  return { ...answers, selinux, end };
}

async function askNetwork(prompts: Prompts): Promise<NonNullable<Answers['network']>> {
  const bootproto = await prompts.select({ message: 'Addresses', choices: plain('dhcp', 'static'), initial: 'dhcp' });
  const device = await prompts.text({
    message: 'Interface (name, MAC address, or link for the first that is plugged in)',
    initial: 'link',
  });
  const hostname = await prompts.text({ message: 'Host name (empty to take what DHCP gives)', optional: true });
  const network: NonNullable<Answers['network']> = { bootproto, device, ...(hostname !== '' && { hostname }) };
  if (bootproto === 'dhcp') return network;
  network.ip = await prompts.text({ message: 'IP address' });
  network.netmask = await prompts.text({ message: 'Network mask', initial: '255.255.255.0' });
  network.gateway = await prompts.text({ message: 'Gateway' });
  network.nameservers = words(await prompts.text({ message: 'Name servers' }));
  return network;
}

async function askDisk(prompts: Prompts, release: string): Promise<NonNullable<Answers['disk']>> {
  const hasBtrfs = !inRange('RHEL8-', namedRelease(release));
  const layout = await prompts.select({
    message: 'Disk layout',
    choices: [
      { value: 'lvm', label: 'LVM' },
      { value: 'plain', label: 'plain partitions' },
      { value: 'thinp', label: 'LVM, thinly provisioned' },
      ...(hasBtrfs ? [{ value: 'btrfs' as const, label: 'Btrfs' }] : []),
    ] as const,
    initial: 'lvm',
  });
  const drives = words(await prompts.text({ message: 'Disks to use, such as sda (empty for all)', optional: true }));
  const wipe = await prompts.select({
    message: 'What may be deleted?',
    choices: [
      { value: 'all', label: 'everything on these disks' },
      { value: 'linux', label: 'Linux partitions' },
      { value: 'none', label: 'nothing' },
    ] as const,
    initial: 'all',
  });
  const disk: NonNullable<Answers['disk']> = { layout, wipe, ...(drives.length > 0 && { drives }) };
  if (await prompts.confirm({ message: 'Encrypt the disks?', initial: false })) {
    disk.passphrase = await prompts.password({ message: 'Passphrase (it will stand in the file)' });
  }
  return disk;
}

async function askAccounts(prompts: Prompts, answers: Answers): Promise<void> {
  const name = await prompts.text({ message: 'Name of a user who administers the machine (empty for none)', optional: true });
  if (name !== '') {
    answers.user = { name, admin: true, password: crypt(await prompts.password({ message: `Password of ${name} (kept as a hash)` })) };
    if (inRange('F22-,RHEL8-', namedRelease(answers.release))) {
      const sshKey = await prompts.text({ message: `SSH key of ${name}`, optional: true });
      if (sshKey !== '') answers.user.sshKey = sshKey;
    }
  }
  const locked = name !== '' && (await prompts.confirm({ message: 'Lock the root account?', initial: true }));
  if (!locked) answers.rootPassword = crypt(await prompts.password({ message: 'Password of root (kept as a hash)' }));
}

async function askEnvironment(prompts: Prompts): Promise<string> {
  return prompts.select({
    message: 'Software',
    choices: [
      { value: '@^minimal-environment', label: 'minimal' },
      { value: '@^server-product-environment', label: 'server' },
      { value: '@^workstation-product-environment', label: 'workstation' },
      { value: '@core', label: 'the core group alone' },
    ] as const,
    initial: '@^minimal-environment',
  });
}
