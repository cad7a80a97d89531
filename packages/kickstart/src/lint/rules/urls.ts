import { type CommandView, type OptionUse, option, span, valueSpan } from '../../read-options.js';
import { type ReleasePointer, releaseInUrl } from '../../release-in-url.js';
import { inRange, type Release } from '../../releases/releases.js';
import type { LintContext, Rule } from '../rule.js';

function pointerOf(release: Release): ReleasePointer | undefined {
  const found = /^(RHEL|FC?)(\d+)$/.exec(release);
  return found ? { family: found[1] === 'RHEL' ? 'RHEL' : 'F', major: Number(found[2]) } : undefined;
}

const title = ({ family, major }: ReleasePointer) => (family === 'F' ? `Fedora ${major}` : `release ${major}`);

const URL_OPTIONS = ['--url', '--baseurl', '--mirrorlist', '--metalink'];

/** The installation tree comes first, whatever the order of the file. */
function urlsOf({ find }: LintContext): OptionUse[] {
  return [...find('url'), ...find('repo')].flatMap((view) => URL_OPTIONS.flatMap((name) => knownValue(view, name)));
}

function imagesOf({ find }: LintContext): OptionUse[] {
  return [...find('liveimg'), ...find('ostreesetup')].flatMap((view) => knownValue(view, '--url'));
}

function knownValue(view: CommandView, name: string): OptionUse[] {
  const use = option(view, name);
  return use?.value === undefined || use.template ? [] : [use];
}

export const urlRules: readonly Rule[] = [
  {
    code: 'ks/url-of-another-release',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'A URL points at another release than the file is for, or than the other URLs.',
    docs: 'Packages of one release do not install over another. The release is the one asked for, else the one that the first URL names.',
    example: 'url --url=http://mirror.example/centos/7/os/x86_64\nrepo --name=epel --baseurl=http://mirror.example/epel/6/x86_64\n',
    run(context) {
      let expected = context.release === undefined ? undefined : pointerOf(context.release);
      let because = expected === undefined ? undefined : `the file is for ${title(expected)}`;
      for (const use of context.once(urlsOf)) {
        const found = releaseInUrl(use.value as string);
        if (found === undefined) continue;
        if (expected === undefined) {
          expected = found;
          because = `another URL points at ${title(found)}`;
        } else if (found.family === expected.family && found.major !== expected.major) {
          context.report({ ...valueSpan(use), message: `This points at ${title(found)}, and ${because}` });
        }
      }
    },
  },
  {
    code: 'ks/insecure-url',
    severity: 'warning',
    presets: ['security'],
    summary: 'Packages or an image are fetched without TLS, or its certificate is not verified.',
    docs: 'Kickstart installations do not check signatures of the packages on most releases, so whoever is on the path can replace them. Use https and leave `--noverifyssl` out.',
    example: 'url --url=http://mirror.example/os\n',
    run(context) {
      for (const use of [...context.once(urlsOf), ...imagesOf(context)]) {
        if (/^(?:http|ftp):/i.test(use.value as string)) context.report({ ...valueSpan(use), message: 'Fetched without TLS' });
      }
      for (const { options } of context.commands) {
        for (const use of options) {
          if (use.name === '--noverifyssl') context.report({ start: use.start, end: use.end, message: 'The certificate is not verified' });
          if (use.name === '--nogpg' || use.name === '--no-signature-verification') {
            context.report({ start: use.start, end: use.end, message: 'Signatures are not verified' });
          }
        }
      }
    },
  },
  {
    code: 'ks/protection-switched-off',
    severity: 'warning',
    presets: ['security'],
    summary: 'SELinux or the firewall is switched off, or root may log in over SSH with a password.',
    docs: '`selinux --permissive` logs what would be forbidden and is the better way to find out what is in the way; `firewall --service=...` opens what is needed.',
    example: 'selinux --disabled\n',
    run({ find, release, report }) {
      for (const view of find('selinux')) {
        const use = option(view, '--disabled') ?? option(view, '--permissive');
        if (use) report({ start: use.start, end: use.end, message: `SELinux does not protect the system with "${use.name}"` });
      }
      for (const view of find('firewall')) {
        const use = option(view, '--disable');
        if (use) report({ start: use.start, end: use.end, message: 'The firewall is off' });
      }
      for (const view of find('rootpw')) {
        const use = option(view, '--allow-ssh');
        if (use && (release === undefined || inRange('F37-,RHEL9-', release))) {
          report({ start: use.start, end: use.end, message: 'root may log in over SSH with a password' });
        }
      }
      for (const view of find('vnc')) {
        if (!option(view, '--password'))
          report({ ...span(view), message: 'Everybody on the network can take over the installation: no --password' });
      }
    },
  },
];
