// biome-ignore-all lint/suspicious/noTemplateCurlyInString: iPXE writes its settings so
import type { Document } from '../lines.js';
import type { Conversion } from './grub.js';
import { baseName, chainTarget, linuxParts, multibootParts, Names, placeOf, splitCommand } from './names.js';
import { type ConvertOptions, type Loss, type NeutralConfig, type NeutralEntry, type NeutralMenu, toNeutral } from './neutral.js';

/** The client's facts as iPXE settings (ipxe.org/cfg). */
const FACTS: Readonly<Record<string, string>> = {
  ip: 'ip=${netX/ip}:${next-server}:${netX/gateway}:${netX/netmask}',
  BOOTIF: 'BOOTIF=01-${netX/mac:hexhyp}',
  SYSUUID: 'SYSUUID=${uuid}',
  SYSVENDOR: 'SYSVENDOR=${manufacturer}',
  SYSPRODUCT: 'SYSPRODUCT=${product}',
  SYSSERIAL: 'SYSSERIAL=${serial}',
  MBASSET: 'MBASSET=${asset}',
};

/** Text that iPXE shows as it is: it has no quoting, only `${}` means something. */
function literal(text: string): string {
  return text.replaceAll('${', '$ {').replace(/[\r\n\t]/g, ' ');
}

class IpxeWriter {
  readonly #config: NeutralConfig;
  readonly #lost: Loss[];
  readonly #options: ConvertOptions;
  /** Label of the script for each entry that has one. */
  readonly #labels = new Map<string, string>();

  constructor(config: NeutralConfig, lost: Loss[], options: ConvertOptions) {
    this.#config = config;
    this.#lost = lost;
    this.#options = options;
    const names = new Names();
    names.take('failed');
    for (const { entries } of config.menus) {
      for (const { id, action } of entries) {
        this.#labels.set(id, action.type === 'menu' ? `menu-${action.menu}` : names.take(`boot-${id.replace(/[^A-Za-z0-9._-]+/g, '-')}`));
      }
    }
  }

  write(): string {
    const { menus, startMenu, hidden } = this.#config;
    if (hidden) this.#lose('MENU HIDDEN: the menu shows at once');
    const out = ['#!ipxe', ''];
    const isBare = this.#config.timeoutMs === 0 && this.#config.default !== undefined;
    out.push(`goto ${isBare ? this.#labels.get(this.#config.default ?? '') : `menu-${startMenu}`}`);
    const reachable = this.#reachable();
    for (const [index, menu] of menus.entries()) if (reachable.has(index)) out.push('', ...this.#menu(menu, index));
    for (const [index, menu] of menus.entries()) {
      for (const entry of menu.entries) {
        const used = reachable.has(index) || entry.id === this.#config.default;
        if (used && entry.action.type !== 'text' && entry.action.type !== 'menu') out.push('', ...this.#entry(entry));
      }
    }
    out.push('', ':failed', 'echo Boot failed', 'prompt Press any key to go back to the menu', `goto menu-${startMenu}`);
    return `${out.join('\n')}\n`;
  }

  #lose(message: string, entry?: NeutralEntry): void {
    this.#lost.push({ message, ...(entry?.origin && { origin: entry.origin }) });
  }

  /** The menus that somebody can get to. */
  #reachable(): Set<number> {
    const found = new Set([this.#config.startMenu]);
    for (const index of found) {
      for (const { action } of this.#config.menus[index]?.entries ?? []) if (action.type === 'menu') found.add(action.menu);
    }
    return found;
  }

  #menu(menu: NeutralMenu, index: number): string[] {
    const { default: wanted, timeoutMs, startMenu } = this.#config;
    const out = [`:menu-${index}`, `menu ${literal(menu.title)}`.trimEnd()];
    for (const entry of menu.entries) out.push(this.#item(entry));
    const isHere = wanted !== undefined && menu.entries.some(({ id }) => id === wanted);
    const target = this.#labels.get(wanted ?? '');
    const timeout = index === startMenu && timeoutMs !== undefined && target !== undefined ? ` --timeout ${Math.max(timeoutMs, 1)}` : '';
    const back = menu.parent === undefined || index === startMenu ? 'exit' : `goto menu-${menu.parent}`;
    out.push(`choose${timeout}${isHere ? ` --default ${target}` : ''} selected || ${back}`);
    out.push('goto ${selected}');
    if (timeout !== '' && !isHere) this.#lose('The entry that boots by itself stands in another menu than the one that opens');
    return out;
  }

  #item(entry: NeutralEntry): string {
    const { action, title } = entry;
    if (entry.help !== undefined) this.#lose(`The help text of "${title}"`, entry);
    if (entry.password !== undefined) this.#lose(`The password of "${title}"`, entry);
    if (action.type === 'text') return `item --gap ${literal(title)}`.trimEnd();
    const key = entry.hotkey === undefined ? '' : ` --key ${entry.hotkey.toLowerCase()}`;
    return `item${key} ${this.#labels.get(entry.id)} ${literal(title)}`.trimEnd();
  }

  #entry(entry: NeutralEntry): string[] {
    return [`:${this.#labels.get(entry.id)}`, ...this.#body(entry)];
  }

  #body(entry: NeutralEntry): string[] {
    const { action, title } = entry;
    switch (action.type) {
      case 'linux':
        return this.#linux(entry, action);
      case 'module':
        return this.#module(entry, action.module, action.args);
      case 'localboot': {
        const disk = (this.#options.loader ?? 'pxelinux') !== 'pxelinux' && action.value <= 0xff;
        return [disk ? `sanboot --no-describe --drive 0x${action.value.toString(16)} || goto failed` : 'exit'];
      }
      case 'chain':
        if (action.image === 'pxe') return [`chain ${this.#url(action.file)} || goto failed`];
        break;
      case 'config':
        this.#lose(`"${title}" goes on with ${action.file}: convert that file, too`, entry);
        return [`chain ${this.#url(`${action.file}.ipxe`)} || goto failed`];
      case 'quit':
        return ['shell', 'goto failed'];
      case 'help':
        this.#lose(`"${title}" shows ${action.file}`, entry);
        return ['goto failed'];
    }
    this.#lose(`"${title}": iPXE cannot do this`, entry);
    return ['goto failed'];
  }

  #linux(entry: NeutralEntry, { kernel, args, initrds }: { kernel: string; args: string; initrds: readonly string[] }): string[] {
    const facts: string[] = [];
    for (const name of entry.sysappend ?? []) {
      const fact = FACTS[name];
      if (fact) facts.push(fact);
      else this.#lose(`SYSAPPEND ${name}: iPXE does not know it`, entry);
      if (name === 'SYSUUID') this.#lose('SYSUUID: iPXE turns the first three fields around against PXELINUX', entry);
    }
    // UEFI kernels find their initrd by the name in this option.
    const named = initrds.length > 0 && !/^memdisk/i.test(baseName(kernel)) ? ['initrd=initrd.magic'] : [];
    const words = [`kernel ${this.#url(kernel)}`, ...named, this.#checked(args, entry), ...facts];
    return [
      `${words.filter((word) => word !== '').join(' ')} || goto failed`,
      ...initrds.map((name) => `initrd ${this.#url(name)} || goto failed`),
      'boot || goto failed',
    ];
  }

  /** iPXE has no quoting: words that mean something to it cannot be written. */
  #checked(args: string, entry: NeutralEntry): string {
    if (/\$\{|(^|\s)(\|\||&&|;|#)/.test(args)) this.#lose(`"${entry.title}": iPXE takes a part of "${args}" for its own`, entry);
    return args;
  }

  #module(entry: NeutralEntry, module: string, args: string): string[] {
    switch (baseName(module)) {
      case 'reboot.c32':
        return ['reboot'];
      case 'poweroff.c32':
        return ['poweroff'];
      case 'linux.c32':
        return this.#linux(entry, linuxParts(args));
      case 'mboot.c32': {
        const [kernel, ...modules] = multibootParts(args).map(splitCommand);
        if (!kernel) break;
        // With options of its own, such as ESXi's `-c boot.cfg`, it reads what to load from a file; iPXE can start the module itself.
        if (kernel.file.startsWith('-'))
          return [`kernel ${this.#url(module)} ${this.#checked(args, entry)} || goto failed`, 'boot || goto failed'];
        const line = (command: string, { file, args }: { file: string; args: string }) =>
          `${[command, this.#url(file), args].filter((word) => word !== '').join(' ')} || goto failed`;
        return [line('kernel', kernel), ...modules.map((part) => line('module', part)), 'boot || goto failed'];
      }
      case 'pxechn.c32':
        return [`chain ${this.#url(splitCommand(args).file)} || goto failed`];
      case 'chain.c32': {
        const target = chainTarget(args);
        if (!target) break;
        if (target.partition !== undefined || target.rest !== '') this.#lose(`"${entry.title}": iPXE boots the drive, not ${args}`, entry);
        return [`sanboot --no-describe --drive 0x${((target.floppy ? 0 : 0x80) + target.drive).toString(16)} || goto failed`];
      }
    }
    this.#lose(`"${entry.title}" runs the SYSLINUX module ${module} ${args}`.trimEnd(), entry);
    return ['goto failed'];
  }

  /** A URL relative to the script, without the blanks that iPXE would split it at. */
  #url(name: string): string {
    const place = placeOf(name, this.#options);
    return (place.type === 'path' ? `/${place.path}` : place.url).replaceAll(' ', '%20');
  }
}

/**
 * The configuration as an iPXE script. Paths are taken from the root of the server that the script came from.
 * Menus become iPXE menus; passwords, help texts, colours and most COM32 modules are lost, and listed.
 */
export function toIpxe(document: Document, options: ConvertOptions = {}): Conversion {
  const { config, lost } = toNeutral(document, options);
  const text = new IpxeWriter(config, lost, options).write();
  return { text, lost };
}
