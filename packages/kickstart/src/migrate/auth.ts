import { inRange } from '../releases/releases.js';
import type { MigrateCommand, Proposal } from './step.js';
import { dropCommand } from './words.js';

/** What authselect does by itself, or does not care about. */
const IMPLIED =
  /^--(?:disable\w+|(?:use|enable)shadow|enablemd5|passalgo|enablesssd(?:auth)?|enablelocauthorize|enablecache|updateall|update|kickstart|probe|nostart|test|enforce\w*|pass\w+|enablereq\w+)$/;

/** authconfig's switches that are features of an authselect profile. */
const FEATURES: Readonly<Record<string, string>> = {
  '--enablemkhomedir': 'with-mkhomedir',
  '--enablefingerprint': 'with-fingerprint',
  '--enablesmartcard': 'with-smartcard',
  '--enablerequiresmartcard': 'with-smartcard-required',
  '--enablepamaccess': 'with-pamaccess',
  '--enablefaillock': 'with-faillock',
  '--enableecryptfs': 'with-ecryptfs',
};

/** Where the profile for accounts in local files is called `local`; before that, `sssd` serves them. */
const LOCAL_PROFILE = 'F40-,RHEL10-';

/** `auth` and `authconfig` become `authselect`. */
export const migrateAuth: MigrateCommand = ({ view, to, title, find }) => {
  const { command, options, positionals } = view;
  if (find('authselect').length > 0) {
    return [{ level: 'review', reason: `${title} uses authselect, which the file has already`, edits: [dropCommand(command)] }];
  }
  const features = new Set<string>();
  const lost: string[] = [];
  let profile: string | undefined;
  for (const { written } of options) {
    const feature = FEATURES[written];
    if (feature !== undefined) features.add(feature);
    else if (/^--enablewinbind/.test(written)) profile = 'winbind';
    else if (!IMPLIED.test(written)) lost.push(written);
  }
  if (lost.length > 0 || options.some(({ written }) => /^--enablesssd/.test(written))) profile ??= 'sssd';
  profile ??= inRange(LOCAL_PROFILE, to) && ![...features].some((feature) => feature.startsWith('with-smartcard')) ? 'local' : 'sssd';
  const words = ['select', profile, ...features, '--force'];
  const last = command.args.at(-1) ?? command.name;
  const proposals: Proposal[] = [
    {
      level: 'review',
      reason: `${title} sets up logins with authselect; shadow passwords and strong hashes need no option any more`,
      edits: [{ start: command.name.start, end: last.end, newText: `authselect ${words.join(' ')}` }],
    },
  ];
  if (lost.length > 0) {
    proposals.push({
      level: 'manual',
      reason: `authselect takes no server settings: ${[...new Set(lost)].join(' ')} belong into /etc/sssd/sssd.conf, or use "realm join"`,
    });
  } else if (positionals.some(({ template }) => template)) {
    proposals.push({ level: 'manual', reason: 'Part of the line comes out of a template; see that nothing is lost' });
  }
  return proposals;
};
