import { type CommandView, has, type OptionUse, option, valueSpan } from '../../read-options.js';
import type { LintContext, Rule } from '../rule.js';

type Hash = 'md5' | 'des' | 'sha1' | 'good' | 'none';

/** What kind of crypt(3) hash a value is. `!` and `*` lock an account, so they are good. */
export function hashKind(value: string): Hash {
  if (/^[!*]/.test(value)) return 'good';
  if (value.startsWith('$1$') || value.startsWith('{MD5}')) return 'md5';
  if (value.startsWith('$sha1$') || value.startsWith('{SHA}')) return 'sha1';
  if (/^\$(?:2[abxy]?|5|6|7|y|gy)\$/.test(value)) return 'good';
  if (value.startsWith('grub.pbkdf2.')) return 'good';
  return /^[./0-9A-Za-z]{13}$/.test(value) ? 'des' : 'none';
}

/** A variable that another program fills in, such as `$SSH_PASSWORD`; no crypt(3) hash looks like it. */
function isVariable(value: string): boolean {
  return /^\$[A-Z_][A-Z0-9_]{2,}$/.test(value);
}

interface Secret {
  value: string;
  start: number;
  end: number;
  /** `rootpw`, `user --password`. */
  what: string;
  crypted: OptionUse | undefined;
}

function fromOption(view: CommandView, name: string, crypted: string): Secret[] {
  const use = option(view, name);
  if (use?.value === undefined || use.template || isVariable(use.value)) return [];
  const what = `${view.command.name.value} ${name}`;
  return [{ value: use.value, ...valueSpan(use), what, crypted: option(view, crypted) }];
}

/** Every password that ends in an account of the installed system. */
function secretsOf(context: LintContext): Secret[] {
  const found: Secret[] = [];
  for (const name of ['rootpw', 'sshpw']) {
    for (const view of context.find(name)) {
      const word = view.positionals[0];
      if (word === undefined || word.template || isVariable(word.value) || has(view, '--lock') || has(view, '--sshkey')) continue;
      found.push({ value: word.value, start: word.start, end: word.end, what: name, crypted: option(view, '--iscrypted') });
    }
  }
  for (const view of context.find('user')) found.push(...fromOption(view, '--password', '--iscrypted'));
  return found;
}

export const passwords: readonly Rule[] = [
  {
    code: 'ks/plaintext-password',
    severity: 'warning',
    presets: ['recommended', 'security'],
    summary: 'A password stands in the file in the clear.',
    docs: 'Everybody who can fetch the file can read it, and the installer keeps a copy in `/root/anaconda-ks.cfg`. Put a hash there with `--iscrypted` (`openssl passwd -6`).',
    example: 'rootpw secret\n',
    run(context) {
      for (const { value, crypted, what, ...place } of context.once(secretsOf)) {
        if (crypted === undefined && value !== '' && (hashKind(value) === 'none' || hashKind(value) === 'des')) {
          context.report({ start: place.start, end: place.end, message: `The password of "${what}" is in the clear` });
        }
      }
      for (const view of context.find('bootloader')) {
        const use = option(view, '--password');
        if (use?.value === undefined || use.template || isVariable(use.value) || use.value === '' || has(view, '--iscrypted')) continue;
        if (hashKind(use.value) === 'none')
          context.report({ ...valueSpan(use), message: 'The password of the boot loader is in the clear' });
      }
    },
  },
  {
    code: 'ks/weak-password-hash',
    severity: 'warning',
    presets: ['recommended', 'security'],
    summary: 'A password is hashed with MD5, SHA-1 or DES.',
    docs: 'Such hashes are broken in minutes, and newer systems refuse them. Use SHA-512 (`$6$`) or yescrypt (`$y$`).',
    example: 'rootpw --iscrypted $1$abcdefgh$0123456789abcdefghijkl\n',
    run(context) {
      for (const { value, crypted, ...place } of context.once(secretsOf)) {
        const kind = hashKind(value);
        if (kind === 'md5' || kind === 'sha1' || (kind === 'des' && crypted)) {
          context.report({ start: place.start, end: place.end, message: `The password is hashed with ${NAMES[kind]}, which is broken` });
        }
      }
      for (const view of context.find('bootloader')) {
        const use = option(view, '--md5pass');
        if (use?.value && !use.template)
          context.report({ start: use.start, end: use.end, message: 'The password is hashed with MD5, which is broken' });
      }
      for (const view of context.find('authconfig')) {
        const use = view.options.find(({ written }) => written === '--enablemd5' || written === '--passalgo');
        if (use && (use.written === '--enablemd5' || use.value === 'md5' || use.value === 'descrypt')) {
          context.report({ start: use.start, end: use.end, message: 'New passwords will be hashed with a broken algorithm' });
        }
      }
    },
  },
  {
    code: 'ks/hash-not-marked',
    severity: 'warning',
    presets: ['recommended', 'unattended', 'security'],
    summary: 'A password looks like a hash, and --iscrypted is missing (or the other way round).',
    docs: 'Without `--iscrypted` the text of the hash itself becomes the password; with it, a plain word locks the account for good.',
    example: 'rootpw $6$abcdefgh$0123456789\n',
    run(context) {
      for (const { value, crypted, ...place } of context.once(secretsOf)) {
        const kind = hashKind(value);
        if (crypted === undefined && (kind === 'md5' || kind === 'sha1' || (kind === 'good' && !/^[!*]/.test(value)))) {
          context.report({
            start: place.start,
            end: place.end,
            message: 'This is a hash, and without --iscrypted it is taken for the password itself',
            fix: {
              title: 'Add --iscrypted',
              edits: [{ start: insertionPoint(context, place.start), end: insertionPoint(context, place.start), newText: '--iscrypted ' }],
            },
          });
        } else if (crypted !== undefined && kind === 'none' && value !== '') {
          context.report({
            start: place.start,
            end: place.end,
            message: '--iscrypted needs a hash, and this is none: nobody can log in with it (--lock says so openly)',
          });
        }
      }
    },
  },
  {
    code: 'ks/plaintext-passphrase',
    severity: 'warning',
    presets: ['security'],
    summary: 'A disk passphrase, a remote display password or a key stands in the file in the clear.',
    docs: 'LUKS passphrases, VNC, RDP and iSCSI passwords and Wi-Fi keys cannot be hashed here. Serve such a file over HTTPS to the one machine it is for, and change the secret after the installation.',
    example: 'autopart --encrypted --passphrase=secret\n',
    run(context) {
      for (const { command, options } of context.commands) {
        for (const use of options) {
          const owners = SECRET_OPTIONS.get(use.name);
          if (!use.value || use.template || isVariable(use.value) || !owners) continue;
          if (owners === 'all' || owners.includes(command.name.value))
            context.report({ ...valueSpan(use), message: `"${use.name}" is in the clear` });
        }
      }
    },
  },
];

const NAMES = { md5: 'MD5', sha1: 'SHA-1', des: 'DES' };

/** Options that hold a secret, with the commands in which they do. */
const SECRET_OPTIONS: ReadonlyMap<string, readonly string[] | 'all'> = new Map<string, readonly string[] | 'all'>([
  ['--passphrase', 'all'],
  ['--password', ['vnc', 'rdp', 'iscsi']],
  ['--reverse-password', ['iscsi']],
  ['--wepkey', ['network']],
  ['--wpakey', ['network']],
  ['--activation-key', ['rhsm']],
]);

/** Before the word that holds `offset`, so that an option is not put into the middle of one. */
function insertionPoint({ text }: LintContext, offset: number): number {
  let at = offset;
  while (at > 0 && !/\s/.test(text[at - 1] as string)) at--;
  return at;
}
