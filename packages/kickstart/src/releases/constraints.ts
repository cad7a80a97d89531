/**
 * What the options and words of one command line must have to do with each other, as pykickstart 3.74 checks it.
 *
 * An option counts as given when it has a value that is neither empty nor 0. `@0` stands for the first positional word.
 */
export interface Constraint {
  /** Releases, as in `commands.ts`. */
  in: string;
  /** pykickstart does not check it, though the installer cannot do what is asked. */
  beyond?: true;
  /** Holds only where the command is written with this name. */
  as?: string;
  /** Holds only where this option is given; `--option=value` where it has that value. */
  if?: string;
  /** Holds only where this second option is given, too. */
  and?: string;
  /** Holds only where none of these is given. */
  unless?: readonly string[];
  /** Holds only where the first positional word has that value. */
  ifFirstWord?: string;
  require?: readonly string[];
  requireAny?: readonly string[];
  forbid?: readonly string[];
  atMostOne?: readonly string[];
  atLeastOne?: readonly string[];
  exactlyOne?: readonly string[];
  /** All of them or none. */
  together?: readonly string[];
  /** Another option that must be given, with a value that begins so. */
  requireValue?: { option: string; prefix: string };
  /** The option whose value the following keys are about. */
  value?: string;
  /** The index of the positional word that the following keys are about. */
  positional?: number;
  not?: readonly string[];
  oneOf?: readonly string[];
  prefix?: readonly string[];
  notPrefix?: readonly string[];
  notContains?: string;
  pattern?: string;
  /** Pattern for each of the values between commas. */
  eachPattern?: string;
  min?: number;
  max?: number;
  nonEmpty?: true;
  minPositionals?: number;
  maxPositionals?: number;
  /** How many words of any kind there must be at least. */
  minArgs?: number;
}

export const CONSTRAINTS: Readonly<Record<string, readonly Constraint[]>> = {
  part: [
    { in: 'F17-,RHEL7-', if: '--resize', require: ['--onpart'] },
    { in: 'F17-,RHEL7-', if: '--resize', require: ['--size'] },
    { in: 'F20-,RHEL7-', if: '--fstype=tmpfs', forbid: ['--grow', '--maxsize'] },
    { in: 'F23-,RHEL7-', if: '--mkfsoptions', forbid: ['--noformat'] },
    { in: 'F23-,RHEL7-', if: '--mkfsoptions', forbid: ['--fsprofile'] },
    { in: 'RHEL8-', value: '--fstype', not: ['btrfs'] },
    { in: 'RHEL8-', positional: 0, notPrefix: ['btrfs.'] },
    { in: 'F41-,RHEL11-', if: '--hw-passphrase', require: ['--encrypted'], requireValue: { option: '--luks-version', prefix: 'luks2-' } },
    { in: 'F29-,RHEL8-', atMostOne: ['--pbkdf-time', '--pbkdf-iterations'] },
  ],
  logvol: [
    { in: 'F29-,RHEL8-', atMostOne: ['--pbkdf-time', '--pbkdf-iterations'] },
    { in: 'F20-,RHEL6-', atMostOne: ['--thin', '--thinpool'] },
    { in: 'F20-,RHEL6-', if: '--thin', require: ['--poolname'] },
    { in: 'F20-,RHEL6-', if: '--chunksize', require: ['--thinpool'] },
    { in: 'F20-,RHEL6-', if: '--metadatasize', require: ['--thinpool'] },
    { in: 'F20-,RHEL7-', atLeastOne: ['--useexisting', '--noformat', '--size', '--percent', '--recommended', '--hibernation'] },
    { in: 'F20-,RHEL7-', value: '--percent', min: 0, max: 100 },
    { in: 'F21-,RHEL7-', atMostOne: ['--size', '--percent'] },
    { in: 'F17-,RHEL7-', if: '--resize', requireAny: ['--useexisting', '--noformat'] },
    { in: 'F17-,RHEL7-', if: '--resize', require: ['--size'] },
    { in: 'F23-,RHEL7-', if: '--mkfsoptions', forbid: ['--noformat'] },
    { in: 'F23-,RHEL7-', if: '--mkfsoptions', forbid: ['--fsprofile'] },
    { in: 'F23-,RHEL8-', if: '--cachesize', require: ['--cachepvs'] },
    { in: 'F23-,RHEL8-', if: '--cachemode', require: ['--cachepvs'] },
    { in: 'F23-,RHEL8-', if: '--cachepvs', require: ['--cachesize'] },
    { in: 'F23-,RHEL8-', if: '--cachemode', require: ['--cachesize'] },
    { in: 'F23-,RHEL8-', if: '--cachesize', forbid: ['--useexisting', '--noformat', '--thin'] },
    { in: 'F23-,RHEL8-', if: '--cachepvs', forbid: ['--useexisting', '--noformat', '--thin'] },
    { in: 'F23-,RHEL8-', value: '--cachemode', oneOf: ['writeback', 'writethrough'] },
    { in: 'RHEL8-', value: '--fstype', not: ['btrfs'] },
  ],
  raid: [
    { in: 'F29-,RHEL8-', atMostOne: ['--pbkdf-time', '--pbkdf-iterations'] },
    { in: 'FC3-,RHEL3-', require: ['--level'], unless: ['--useexisting', '--noformat'] },
    { in: 'F23-,RHEL7-', if: '--mkfsoptions', forbid: ['--noformat'] },
    { in: 'F23-,RHEL7-', if: '--mkfsoptions', forbid: ['--fsprofile'] },
    { in: 'RHEL8-RHEL9', value: '--fstype', not: ['btrfs'] },
    { in: 'RHEL10-', beyond: true, value: '--fstype', not: ['btrfs'] },
    { in: 'FC3-F18,RHEL3-RHEL6', value: '--device', pattern: '^(md)?\\d+$' },
  ],
  autopart: [
    { in: 'F29-,RHEL8-', atMostOne: ['--pbkdf-time', '--pbkdf-iterations'] },
    { in: 'F21-,RHEL7-', value: '--fstype', not: ['btrfs'] },
    { in: 'F21-,RHEL7-', if: '--type=btrfs', forbid: ['--fstype'] },
    { in: 'RHEL8-RHEL10', value: '--type', not: ['btrfs'] },
    { in: 'RHEL11-', beyond: true, value: '--type', not: ['btrfs'] },
    { in: 'F38-,RHEL10-', atMostOne: ['--hibernation', '--noswap'] },
    { in: 'F41-,RHEL11-', if: '--hw-passphrase', require: ['--encrypted'], requireValue: { option: '--luks-version', prefix: 'luks2-' } },
  ],
  volgroup: [
    { in: 'FC3-,RHEL3-', minPositionals: 1 },
    { in: 'F16-,RHEL6-', value: '--reserved-space', min: 0 },
    { in: 'F16-,RHEL6-', value: '--reserved-percent', min: 1, max: 99 },
  ],
  bootloader: [
    { in: 'F17-,RHEL7-', value: '--boot-drive', notContains: ',' },
    { in: 'F39-,RHEL10-', atMostOne: ['--sdboot', '--extlinux'] },
  ],
  ignoredisk: [
    { in: 'F8-F13,F29-,RHEL4-RHEL5,RHEL8-', exactlyOne: ['--drives', '--only-use'] },
    { in: 'F14-F28,RHEL6-RHEL7', exactlyOne: ['--drives', '--only-use', '--interactive'] },
  ],
  harddrive: [{ in: 'FC3-F32,RHEL3-RHEL8', exactlyOne: ['--biospart', '--partition'] }],
  driverdisk: [
    { in: 'FC3,RHEL3', exactlyOne: ['--source', '@0'] },
    { in: 'FC4-,RHEL4-', exactlyOne: ['--source', '--biospart', '@0'] },
    { in: 'FC3-,RHEL3-', maxPositionals: 1 },
  ],
  url: [
    { in: 'F18-F26,RHEL7', exactlyOne: ['--url', '--mirrorlist'] },
    { in: 'F27-,RHEL8-', exactlyOne: ['--url', '--mirrorlist', '--metalink'] },
  ],
  repo: [
    { in: 'FC6-F14,RHEL5-RHEL6', exactlyOne: ['--baseurl', '--mirrorlist'] },
    { in: 'F15-F26,RHEL7', atMostOne: ['--baseurl', '--mirrorlist'] },
    { in: 'F27-,RHEL8-', atMostOne: ['--baseurl', '--mirrorlist', '--metalink'] },
  ],
  timesource: [{ in: 'F33-,RHEL9-', exactlyOne: ['--ntp-server', '--ntp-pool', '--ntp-disable'] }],
  timezone: [
    { in: 'F18-,RHEL7-RHEL9', atMostOne: ['--nontp', '--ntpservers'] },
    { in: 'F25-,RHEL7-', minArgs: 1 },
    { in: 'FC3-,RHEL3-', maxPositionals: 1 },
  ],
  services: [{ in: 'FC6-,RHEL5-', atLeastOne: ['--disabled', '--enabled'] }],
  rootpw: [
    { in: 'FC3-,RHEL3-', positional: 0, nonEmpty: true },
    { in: 'FC3-F17,RHEL3-RHEL6', minPositionals: 1 },
    { in: 'F18-,RHEL7-', atLeastOne: ['@0', '--lock'] },
  ],
  sshpw: [{ in: 'F13-,RHEL6-', minPositionals: 1 }],
  keyboard: [
    { in: 'FC3-F17,RHEL3-RHEL6', minPositionals: 1, maxPositionals: 1 },
    { in: 'F18-,RHEL7-', maxPositionals: 1 },
    { in: 'F18-,RHEL7-', atLeastOne: ['@0', '--vckeymap', '--xlayouts'] },
  ],
  eula: [{ in: 'F20-,RHEL7-', require: ['--agreed'] }],
  key: [{ in: 'RHEL5-RHEL6', atLeastOne: ['@0', '--skip'] }],
  rescue: [{ in: 'F10-,RHEL6-', atMostOne: ['--nomount', '--romount'] }],
  logging: [{ in: 'FC6-,RHEL5-', if: '--port', require: ['--host'] }],
  snapshot: [{ in: 'F26-,RHEL7-', positional: 0, pattern: '^[^/]+/[^/]+$' }],
  network: [
    { in: 'F22-,RHEL7-', if: '--bridgeopts', require: ['--bridgeslaves'] },
    { in: 'F22-,RHEL7-', value: '--bridgeopts', eachPattern: '^[^=]*=[^=]+$' },
    { in: 'F27-,RHEL7-', if: '--bindto=mac', and: '--vlanid', require: ['--bondopts'] },
    { in: 'F39-,RHEL9-', if: '--ipv4-dns-search', require: ['--device'] },
    { in: 'F39-,RHEL9-', if: '--ipv6-dns-search', require: ['--device'] },
    { in: 'F39-,RHEL9-', if: '--ipv4-ignore-auto-dns', require: ['--device'] },
    { in: 'F39-,RHEL9-', if: '--ipv6-ignore-auto-dns', require: ['--device'] },
  ],
  mount: [
    { in: 'F27-,RHEL8-', positional: 1, pattern: '^(/.*|[nN][oO][nN][eE])$' },
    { in: 'F27-,RHEL8-', if: '--mkfsoptions', require: ['--reformat'] },
  ],
  zfcp: [{ in: 'F37-,RHEL9-', together: ['--wwpn', '--fcplun'] }],
  nvdimm: [
    { in: 'F28-F39,RHEL7-RHEL9', atMostOne: ['--namespace', '--blockdevs'] },
    { in: 'F28-F39,RHEL7-RHEL9', ifFirstWord: 'use', atLeastOne: ['--namespace', '--blockdevs'] },
    { in: 'F28-F39,RHEL7-RHEL9', ifFirstWord: 'reconfigure', require: ['--namespace', '--sectorsize'] },
  ],
  ostreesetup: [{ in: 'F21-,RHEL7-', value: '--url', prefix: ['file:', 'http:', 'https:'] }],
  btrfs: [
    { in: 'F17-,RHEL7', if: '--subvol', require: ['--name'] },
    { in: 'F23-,RHEL7', if: '--mkfsoptions', forbid: ['--noformat', '--useexisting'] },
  ],
  updates: [{ in: 'F7-F33,RHEL6-RHEL8', maxPositionals: 1 }],
  text: [{ in: 'FC3-,RHEL3-', as: 'cmdline', forbid: ['--non-interactive'] }],
  upgrade: [{ in: 'F11-F19,RHEL6', value: '--root-device', nonEmpty: true }],
  install: [{ in: 'F11-F28,RHEL6-RHEL7', value: '--root-device', nonEmpty: true }],
  rhsm: [{ in: 'RHEL8-', value: '--activation-key', nonEmpty: true }],
  device: [
    { in: 'FC3-F7,RHEL3-RHEL5', minPositionals: 2, maxPositionals: 2 },
    { in: 'F8-F23,RHEL6-RHEL7', minPositionals: 1, maxPositionals: 1 },
  ],
  mouse: [{ in: 'RHEL3', minPositionals: 1, maxPositionals: 1 }],
  realm: [{ in: 'F19-,RHEL7-', minPositionals: 2 }],
};
