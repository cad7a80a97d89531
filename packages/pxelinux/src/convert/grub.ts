import type { Document } from '../lines.js';
import { baseName, chainTarget, linuxParts, multibootParts, placeOf, splitCommand } from './names.js';
import { type ConvertOptions, type Loss, type NeutralAction, type NeutralConfig, type NeutralEntry, toNeutral } from './neutral.js';

/** Text in the target's language, and what it does not carry over. */
export interface Conversion {
  text: string;
  lost: Loss[];
}

/** A word that GRUB's shell takes as it is. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Kernel options in words, as the kernel takes them apart: blanks between double quotes divide nothing. */
function optionWords(text: string): string[] {
  return text.match(/(?:"[^"]*"|[^\s"]|"(?=[^"]*$))+/g) ?? [];
}

/**
 * A kernel option for GRUB's shell. GRUB puts words with blanks into double quotes itself, and a backslash in front of every quote
 * and backslash that it is given, so the kernel's own quotes around a word or a value are left out.
 */
function quoteOption(word: string): string {
  const bare = word.replace(/^"([^"]*)"$/, '$1').replace(/^([^"]*=)"([^"]*)"$/, '$1$2');
  return /[$;{}<>|&'"\\#\s]/.test(bare) ? quote(bare) : bare;
}

const BOOTIF = [
  '# The hardware address as PXELINUX writes it, with dashes.',
  'regexp --set=1:m1 --set=2:m2 --set=3:m3 --set=4:m4 --set=5:m5 --set=6:m6 \'^(..):(..):(..):(..):(..):(..)\' "$net_default_mac"',
  'set bootif="01-$m1-$m2-$m3-$m4-$m5-$m6"',
];

/** What GRUB knows of the client's facts; the gateway and netmask are not among them. */
const FACTS: Readonly<Record<string, string>> = {
  ip: 'ip="$net_default_ip":"$net_default_server"',
  BOOTIF: 'BOOTIF="$bootif"',
};

class GrubWriter {
  readonly #config: NeutralConfig;
  readonly #lost: Loss[];
  readonly #options: ConvertOptions;
  readonly #written = new Set<number>();

  constructor(config: NeutralConfig, lost: Loss[], options: ConvertOptions) {
    this.#config = config;
    this.#lost = lost;
    this.#options = options;
  }

  write(): string {
    const config = this.#config;
    const out: string[] = [];
    if (config.serial) {
      out.push(`serial --port=0x${config.serial.port.toString(16)} --speed=${config.serial.baud}`);
      out.push('terminal_input console serial', 'terminal_output console serial');
    }
    const path = config.default === undefined ? undefined : this.#pathTo(config.default);
    if (path !== undefined) out.push(`set default=${quote(path)}`);
    else if (config.default !== undefined)
      this.#lose(`The entry that boots by itself, ${config.default}, stands in no menu that GRUB shows`);
    out.push(`set timeout=${config.timeoutMs === undefined ? -1 : Math.ceil(config.timeoutMs / 1000)}`);
    if (config.hidden) out.push('set timeout_style=hidden');
    if (config.menus.some(({ entries }) => entries.some(({ sysappend }) => sysappend?.includes('BOOTIF')))) out.push('', ...BOOTIF);
    const title = config.menus[config.startMenu]?.title;
    if (title) this.#lose(`The title "${title}": GRUB's menu has none`);
    const start = config.startMenu;
    out.push(...this.#entries(start, [start]));
    return `${out.join('\n')}\n`;
  }

  #lose(message: string, entry?: NeutralEntry): void {
    this.#lost.push({ message, ...(entry?.origin && { origin: entry.origin }) });
  }

  /** `menu>entry`, by which GRUB names an entry in submenus. */
  #pathTo(id: string): string | undefined {
    const { menus, startMenu } = this.#config;
    let at = menus.findIndex(({ entries }) => entries.some((entry) => entry.id === id));
    let path = id;
    for (let guard = 0; at !== startMenu && guard < menus.length; guard++) {
      const parent = menus[at]?.parent;
      const opener =
        parent === undefined ? undefined : menus[parent]?.entries.find(({ action }) => action.type === 'menu' && action.menu === at);
      if (parent === undefined || !opener) return undefined;
      path = `${opener.id}>${path}`;
      at = parent;
    }
    return at === startMenu ? path : undefined;
  }

  /** The entries of a menu; `open` holds the menus around it. */
  #entries(menu: number, open: readonly number[]): string[] {
    this.#written.add(menu);
    return (this.#config.menus[menu]?.entries ?? []).flatMap((entry) => this.#entry(entry, open));
  }

  #entry(entry: NeutralEntry, open: readonly number[]): string[] {
    const { action } = entry;
    if (entry.help !== undefined) this.#lose(`The help text of "${entry.title}"`, entry);
    if (entry.password !== undefined) this.#lose(`The password of "${entry.title}": GRUB has users for this`, entry);
    const hotkey = entry.hotkey ? ` --hotkey=${quote(entry.hotkey.toLowerCase())}` : '';
    const head = `${quote(entry.title)} --id ${quote(entry.id)}${hotkey}`;
    if (action.type === 'text') return entry.title === '' ? [] : ['', `menuentry ${head} {`, '  true', '}'];
    const isMenu = action.type === 'menu';
    const body = isMenu ? this.#submenu(entry, action.menu, open) : this.#body(entry, action);
    if (body === undefined) return [];
    if (body.length === 0) body.push('true');
    return ['', `${isMenu ? 'submenu' : 'menuentry'} ${head} {`, ...body.map((line) => (line === '' ? '' : `  ${line}`)), '}'];
  }

  /** A menu's entries inside the entry that opens it; GRUB has no other way to get to a menu. */
  #submenu(entry: NeutralEntry, menu: number, open: readonly number[]): string[] | undefined {
    if (open.includes(menu)) this.#lose(`"${entry.title}": in GRUB, Esc leads out of a submenu`, entry);
    else if (this.#written.has(menu)) this.#lose(`"${entry.title}": GRUB reaches a submenu from one entry only`, entry);
    else if (open.length > MAX_DEPTH) this.#lose(`"${entry.title}": its menus nest too deep`, entry);
    else return this.#entries(menu, [...open, menu]);
    return undefined;
  }

  #body(entry: NeutralEntry, action: NeutralAction): string[] {
    switch (action.type) {
      case 'linux':
        return this.#linux(entry, action);
      case 'module':
        return this.#module(entry, action.module, action.args);
      case 'localboot':
        return this.#localboot(action.value);
      case 'config':
        this.#lose(`"${entry.title}" goes on with ${action.file}: convert that file, too`, entry);
        return [`configfile ${this.#path(`${action.file}.grub.cfg`)}`];
      case 'chain':
        return this.#chain(entry, action);
      default:
        this.#lose(`"${entry.title}": GRUB has no such entry (${action.type})`, entry);
        return ['true'];
    }
  }

  #linux(entry: NeutralEntry, { kernel, args, initrds }: { kernel: string; args: string; initrds: readonly string[] }): string[] {
    const facts: string[] = [];
    for (const name of entry.sysappend ?? []) {
      const fact = FACTS[name];
      if (fact) facts.push(fact);
      if (!fact || name === 'ip') this.#lose(`SYSAPPEND ${name}: GRUB does not know ${fact ? 'gateway and netmask' : 'it'}`, entry);
    }
    const bits = /^memdisk/i.test(baseName(kernel)) ? '16' : '';
    const words = [`linux${bits}`, this.#path(kernel), this.#arguments(args, entry), ...facts];
    const lines = [words.filter((word) => word !== '').join(' ')];
    if (initrds.length > 0) lines.push(`initrd${bits} ${initrds.map((name) => this.#path(name)).join(' ')}`);
    return lines;
  }

  #arguments(text: string, entry: NeutralEntry): string {
    return optionWords(text)
      .map((word) => {
        const option = quoteOption(word);
        if (/["\\]|'\\''/.test(option))
          this.#lose(`"${entry.title}": GRUB puts a backslash before the quotes and backslashes in ${word}`, entry);
        return option;
      })
      .join(' ');
  }

  #module(entry: NeutralEntry, module: string, args: string): string[] {
    switch (baseName(module)) {
      case 'reboot.c32':
        return ['reboot'];
      case 'poweroff.c32':
        return ['halt'];
      case 'linux.c32':
        return this.#linux(entry, linuxParts(args));
      case 'mboot.c32': {
        const [kernel = '', ...modules] = multibootParts(args).map(splitCommand);
        // With options of its own, such as ESXi's `-c boot.cfg`, mboot.c32 reads what to load from a file.
        if (!kernel || kernel.file.startsWith('-')) break;
        const line = (command: string, { file, args }: { file: string; args: string }) =>
          [command, this.#path(file), this.#arguments(args, entry)].filter((word) => word !== '').join(' ');
        return [line('multiboot', kernel), ...modules.map((part) => line('module', part))];
      }
      case 'chain.c32': {
        const target = chainTarget(args);
        if (!target) break;
        if (target.rest !== '') this.#lose(`"${entry.title}": chain.c32 ${target.rest}`, entry);
        const disk = `${target.floppy ? 'fd' : 'hd'}${target.drive}${target.partition === undefined ? '' : `,${target.partition}`}`;
        return [`set root=(${disk})`, 'chainloader +1'];
      }
    }
    this.#lose(`"${entry.title}" runs the SYSLINUX module ${module} ${args}`.trimEnd(), entry);
    return ['true'];
  }

  #localboot(value: number): string[] {
    const { loader = 'pxelinux' } = this.#options;
    const drive = value & 0x7f;
    if (loader === 'pxelinux' || value > 0xff) return ['exit'];
    return [`set root=(${value >= 0x80 ? 'hd' : 'fd'}${drive})`, 'chainloader +1'];
  }

  #chain(entry: NeutralEntry, { file, image, args }: { file: string; image: string; args: string }): string[] {
    if (image === 'boot' || image === 'bss') return [`chainloader --force ${this.#path(file)}`];
    this.#lose(`"${entry.title}" starts ${file} ${args}`.trimEnd(), entry);
    return ['true'];
  }

  #path(name: string): string {
    const place = placeOf(name, this.#options);
    if (place.type === 'path') return quote(`/${place.path}`);
    const found = /^([a-z]+):\/\/([^/]*)\/*(.*)$/i.exec(place.url);
    const [, scheme = '', host = '', path = ''] = found ?? [];
    if (!/^(https?|tftp)$/i.test(scheme)) this.#lose(`GRUB cannot fetch ${place.url}`);
    return quote(`(${scheme.toLowerCase()},${host.replace(/:(\d+)$/, ',$1')})/${path}`);
  }
}

const MAX_DEPTH = 32;

/**
 * The configuration for GRUB 2. Paths are taken from the root of the device or server that GRUB came from.
 * Menus become `submenu` blocks; passwords, help texts, colours and most COM32 modules are lost, and listed.
 */
export function toGrub(document: Document, options: ConvertOptions = {}): Conversion {
  const { config, lost } = toNeutral(document, options);
  const text = new GrubWriter(config, lost, options).write();
  return { text, lost };
}
