import { scriptBody } from './edit.js';
import { parse } from './parse.js';
import { quoteWord } from './quote.js';
import type { Document } from './tree.js';
import { type CommandLine, formatCommand, formatOption, KickstartWriteError, type OptionValue, writableValue } from './write.js';

interface StorageOptions {
  size?: number;
  maxsize?: number;
  grow?: boolean;
  fstype?: string;
  fsoptions?: string;
  label?: string;
  encrypted?: boolean;
  passphrase?: string;
  noformat?: boolean;
  useexisting?: boolean;
}

interface PasswordOptions {
  iscrypted?: boolean;
  plaintext?: boolean;
  lock?: boolean;
}

/** Options of the commands most used, by name; all other commands and options are written as well, unchecked. */
export interface KnownOptions {
  autopart: {
    type?: 'btrfs' | 'lvm' | 'partition' | 'plain' | 'thinp';
    encrypted?: boolean;
    passphrase?: string;
    nohome?: boolean;
    noswap?: boolean;
  };
  bootloader: {
    append?: string;
    location?: 'mbr' | 'partition' | 'none' | 'boot';
    'boot-drive'?: string;
    timeout?: number;
    password?: string;
    iscrypted?: boolean;
  };
  clearpart: { all?: boolean; linux?: boolean; none?: boolean; initlabel?: boolean; drives?: readonly string[]; disklabel?: string };
  firewall: { enabled?: boolean; disabled?: boolean; service?: readonly string[]; port?: readonly string[]; ssh?: boolean };
  firstboot: { enable?: boolean; disable?: boolean; reconfig?: boolean };
  ignoredisk: { drives?: readonly string[]; 'only-use'?: readonly string[] };
  keyboard: { vckeymap?: string; xlayouts?: readonly string[]; switch?: readonly string[] };
  lang: { addsupport?: readonly string[] };
  logvol: StorageOptions & { name: string; vgname: string; percent?: number; thinpool?: boolean; thin?: boolean; poolname?: string };
  network: {
    bootproto?: 'dhcp' | 'bootp' | 'static' | 'query' | 'ibft';
    device?: string;
    ip?: string;
    netmask?: string;
    gateway?: string;
    nameserver?: readonly string[] | string;
    hostname?: string;
    ipv6?: string;
    onboot?: 'yes' | 'no';
    activate?: boolean;
    vlanid?: number;
    mtu?: number;
  };
  part: StorageOptions & { ondisk?: string; onpart?: string; asprimary?: boolean; recommended?: boolean };
  raid: StorageOptions & { device: string; level: string | number };
  repo: { name: string; baseurl?: string; mirrorlist?: string; metalink?: string; cost?: number; install?: boolean };
  rootpw: PasswordOptions & { 'allow-ssh'?: boolean };
  selinux: { enforcing?: boolean; permissive?: boolean; disabled?: boolean };
  services: { enabled?: readonly string[]; disabled?: readonly string[] };
  sshkey: { username: string };
  timesource: { 'ntp-server'?: string; 'ntp-pool'?: string; 'ntp-disable'?: boolean; nts?: boolean };
  timezone: { utc?: boolean };
  url: { url?: string; mirrorlist?: string; metalink?: string; proxy?: string; noverifyssl?: boolean };
  user: PasswordOptions & {
    name: string;
    password?: string;
    groups?: readonly string[];
    gecos?: string;
    shell?: string;
    uid?: number;
    gid?: number;
    homedir?: string;
  };
}

type Values = Readonly<Record<string, OptionValue>>;

/**
 * Writes a new kickstart file from the top down.
 *
 * ```ts
 * const document = new KickstartBuilder()
 *   .command('lang', ['en_US.UTF-8'])
 *   .command('part', ['/'], { size: 8192, grow: true, fstype: 'xfs' })
 *   .packages(['@core', 'vim', '-nano'])
 *   .script('post', 'systemctl enable httpd\n', { log: '/root/post.log' })
 *   .build();
 * ```
 *
 * All methods throw `KickstartWriteError` for what the installer would read differently.
 */
export class KickstartBuilder {
  readonly #lines: string[] = [];

  /** A command of the head. Options are written in the order given, with the quotes they need. */
  command<N extends keyof KnownOptions>(name: N, args?: readonly (string | number)[], options?: KnownOptions[N]): this;
  command(name: string, args?: readonly (string | number)[], options?: Values): this;
  command(name: string, args: readonly (string | number)[] = [], options: object = {}): this {
    const line: CommandLine = { name, args, options: options as Values };
    this.#lines.push(formatCommand(line));
    return this;
  }

  /** Comment lines; the `#` is added. */
  comment(text: string): this {
    for (const line of text.split('\n')) this.#lines.push(line === '' ? '#' : `# ${writableValue(line)}`);
    return this;
  }

  /** An empty line. */
  blank(): this {
    if (this.#lines.length > 0 && this.#lines.at(-1) !== '') this.#lines.push('');
    return this;
  }

  include(path: string): this {
    this.#lines.push(`%include ${quoteWord(writableValue(path))}`);
    return this;
  }

  /** `%packages`, one string an entry: `vim`, `-nano`, `@core`, `@^minimal-environment`. */
  packages(entries: readonly string[], options: Values = {}): this {
    for (const entry of entries) {
      if (entry.trim() !== entry || /#|^-?@?\^?$|^%/.test(entry))
        throw new KickstartWriteError('KS_UNWRITABLE_NAME', JSON.stringify(entry));
    }
    return this.#section('packages', entries.map((entry) => `${writableValue(entry)}\n`).join(''), [], options);
  }

  /** A script section with its body as it stands. */
  script(name: 'pre' | 'pre-install' | 'post' | 'onerror' | 'traceback', body: string, options: Values = {}): this {
    return this.#section(name, scriptBody(body), [], options);
  }

  /** `%addon name args` with its body. */
  addon(name: string, args: readonly string[] = [], body = ''): this {
    return this.#section('addon', scriptBody(body), [name, ...args], {});
  }

  /** The tree of what was written. */
  build({ name }: { name?: string } = {}): Document {
    return parse(this.toString(), { ...(name !== undefined && { name }), templates: 'none' });
  }

  /** The text of what was written. */
  toString(): string {
    return this.#lines.length === 0 ? '' : `${this.#lines.join('\n')}\n`;
  }

  #section(name: string, body: string, args: readonly string[], options: Values): this {
    if (!this.#lines.at(-1)?.startsWith('#')) this.blank();
    const flags = Object.entries(options).flatMap(([key, value]) => formatOption(`%${name}`, key, value));
    const header = [`%${name}`, ...args.map((word) => quoteWord(writableValue(word))), ...flags].join(' ');
    this.#lines.push(`${header}\n${body}%end`);
    return this;
  }
}
