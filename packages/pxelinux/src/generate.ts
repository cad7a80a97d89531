import { typeOf } from './command.js';
import { checkLabelName, checkOptions, checkValue, checkWord, MAX_LINE, utf8Length, WriteError } from './edit/writable.js';

/** What a label boots. */
export type BootDescription =
  | {
      type: 'linux';
      kernel: string;
      /** Loaded one after another. */
      initrds?: readonly string[];
      /** Kernel options, as one string or word by word. `initrd=` does not belong here. */
      args?: string | readonly string[];
    }
  /** A COM32 module, such as `chain.c32`. */
  | { type: 'module'; module: string; args?: string }
  /** Another boot program. */
  | { type: 'pxe'; file: string }
  /** Another configuration, and the folder its names are then relative to. */
  | { type: 'config'; file: string; folder?: string }
  /** -1: the firmware's next boot device. */
  | { type: 'localboot'; value: number };

export interface LabelDescription {
  label: string;
  /** Text in the menu; a `^` stands before the hotkey. Default: the label. */
  title?: string;
  boot: BootDescription;
  /** The entry the menu starts on. */
  default?: boolean;
  hidden?: boolean;
  disabled?: boolean;
  /** Lines shown under the menu. */
  help?: string;
  /** SYSAPPEND mask: 1 `ip=`, 2 `BOOTIF=`, 4 `SYSUUID=`, … Up to 3 it is written as IPAPPEND, which U-Boot knows, too. */
  sysappend?: number;
  /** Clear text or a `$5$` or `$6$` hash. */
  password?: string;
}

export interface SubmenuDescription {
  /** Tag of the menu. */
  menu: string;
  title?: string;
  entries: readonly EntryDescription[];
}

/** `separator` is a blank line; `text` a line that cannot be chosen; `exit` leads to the menu around a submenu. */
export type EntryDescription = LabelDescription | SubmenuDescription | { separator: true } | { text: string } | { exit: string };

export interface ConfigDescription {
  /** Lines at the top, written as comments. */
  comment?: string;
  /** Written first, for it must stand before any output. */
  serial?: { port: number; baud: number };
  /** Module that shows the menu, such as `menu.c32`. */
  ui?: string;
  /** Label that boots by itself. */
  default?: string;
  /** Shows the `boot:` prompt. */
  prompt?: boolean;
  /** Milliseconds until the default boots, in steps of 100; 0 waits for ever. */
  timeoutMs?: number;
  /** Label or command that boots when the timeout ends, in place of the default. */
  ontimeout?: string;
  title?: string;
  entries: readonly EntryDescription[];
}

function isLabel(entry: EntryDescription): entry is LabelDescription {
  return 'label' in entry;
}

/** One open list of entries; a stack of them stands in for recursion. */
interface Level {
  entries: readonly EntryDescription[];
  next: number;
}

/** Deepest menu that still moves to the right. */
const MAX_LEVEL = 8;

class Writer {
  readonly #lines: string[] = [];
  readonly #labels = new Set<string>();
  #indent = '';
  #texts = 0;

  line(name: string, value?: string | number): void {
    if (value !== undefined) checkValue(name, String(value));
    const line = `${this.#indent}${name}${value === undefined ? '' : ` ${value}`}`;
    const bytes = utf8Length(line);
    if (bytes > MAX_LINE) {
      throw new WriteError(`${name} would make a line of ${bytes} bytes; the loaders read ${MAX_LINE}`, 'PXELINUX_TOO_LONG');
    }
    this.#lines.push(line);
  }

  blank(): void {
    if (this.#lines.length > 0) this.#lines.push('');
  }

  comment(text: string): void {
    for (const line of text.split(/\r\n|\n|\r/)) this.#lines.push(`# ${line}`.trimEnd());
  }

  entries(entries: readonly EntryDescription[]): void {
    const stack: Level[] = [{ entries, next: 0 }];
    for (let level = stack.at(-1); level; level = stack.at(-1)) {
      const entry = level.entries[level.next++];
      if (!entry) stack.pop();
      this.#indent = '  '.repeat(Math.min(Math.max(stack.length - 1, 0), MAX_LEVEL));
      if (!entry) {
        if (stack.length > 0) this.line('MENU END');
        continue;
      }
      this.blank();
      if (isLabel(entry)) this.#label(entry);
      else if ('separator' in entry) this.line('MENU SEPARATOR');
      else if ('text' in entry) this.#open(this.#name('text'), ['MENU LABEL', entry.text], ['MENU DISABLE']);
      else if ('exit' in entry) this.#exit(entry.exit, stack.length);
      else {
        this.line('MENU BEGIN', entry.menu);
        this.#indent += '  ';
        if (entry.title !== undefined) this.line('MENU TITLE', entry.title);
        stack.push({ entries: entry.entries, next: 0 });
      }
    }
  }

  /** A label's name that nobody gave; it is not written twice. */
  #name(base: string): string {
    let name = `${base}${++this.#texts}`;
    while (this.#labels.has(name)) name = `${base}${++this.#texts}`;
    return name;
  }

  #exit(title: string, depth: number): void {
    if (depth < 2) throw new WriteError('There is no menu around the first one to go back to', 'PXELINUX_UNWRITABLE');
    this.#open(this.#name('exit'), ['MENU LABEL', title], ['MENU EXIT']);
  }

  #open(name: string, ...lines: [name: string, value?: string][]): void {
    checkLabelName(name);
    if (this.#labels.has(name)) throw new WriteError(`The label "${name}" stands there twice`, 'PXELINUX_LABEL_EXISTS');
    this.#labels.add(name);
    this.line('LABEL', name);
    this.#indent += '  ';
    for (const [directive, value] of lines) this.line(directive, value);
  }

  // What U-Boot does not know stands last: it ends the label there.
  #label(entry: LabelDescription): void {
    this.#open(entry.label);
    if (entry.title !== undefined) this.line('MENU LABEL', entry.title);
    if (entry.default) this.line('MENU DEFAULT');
    if (entry.hidden) this.line('MENU HIDE');
    if (entry.disabled) this.line('MENU DISABLE');
    if (entry.password !== undefined) this.line('MENU PASSWD', entry.password);
    this.#boot(entry.boot);
    const mask = entry.sysappend ?? 0;
    if (!Number.isInteger(mask) || mask < 0 || mask > 0x7ffff)
      throw new WriteError(`SYSAPPEND takes a mask, not ${mask}`, 'PXELINUX_UNWRITABLE');
    if (mask > 0) this.line(mask <= 3 ? 'IPAPPEND' : 'SYSAPPEND', mask <= 3 ? mask : `0x${mask.toString(16)}`);
    if (entry.help !== undefined) this.#help(entry.help);
  }

  #boot(boot: BootDescription): void {
    switch (boot.type) {
      case 'localboot':
        if (!Number.isInteger(boot.value)) throw new WriteError(`LOCALBOOT takes a number, not ${boot.value}`, 'PXELINUX_UNWRITABLE');
        this.line('LOCALBOOT', boot.value);
        break;
      case 'module':
        this.#file('COM32', boot.module);
        this.#options(boot.module, boot.args ?? '');
        break;
      case 'pxe':
        this.#file('PXE', boot.file);
        break;
      case 'config':
        this.#file('CONFIG', boot.file);
        this.#options(boot.file, boot.folder ?? '');
        break;
      case 'linux':
        this.#linux(boot);
    }
  }

  #linux({ kernel, initrds = [], args = '' }: Extract<BootDescription, { type: 'linux' }>): void {
    // The loader takes memtest.bin for a boot sector unless it is told.
    this.#file(typeOf(kernel) === 'kernel' ? 'KERNEL' : 'LINUX', kernel);
    for (const name of initrds) {
      checkWord('The name of an initrd', name);
      if (name.includes(',')) throw new WriteError(`The name of an initrd cannot hold a comma: ${name}`, 'PXELINUX_INITRD');
    }
    const initrd = initrds.join(',');
    if (initrd !== '') this.line('INITRD', initrd);
    const options = typeof args === 'object' ? args.join(' ') : args;
    if (options.includes('initrd=')) {
      throw new WriteError(`The loader would load what "initrd=" names in "${options}"; give it in initrds`, 'PXELINUX_INITRD');
    }
    this.#options(`${kernel} initrd=${initrd}`, options);
  }

  #file(directive: string, name: string): void {
    checkWord(directive, name);
    this.line(directive, name);
  }

  #options(kernel: string, args: string): void {
    if (args === '') return;
    if (args === '-') throw new WriteError('APPEND - means "no options"', 'PXELINUX_UNWRITABLE');
    checkValue('APPEND', args);
    checkOptions(kernel, args);
    this.line('APPEND', args);
  }

  #help(help: string): void {
    if (/\0/.test(help)) throw new WriteError('Help text cannot hold a NUL', 'PXELINUX_UNWRITABLE');
    this.line('TEXT HELP');
    for (const line of help.replace(/\n$/, '').split('\n')) {
      if (/^\s*endtext(\s|$)/i.test(line)) throw new WriteError('Help text cannot hold a line ENDTEXT', 'PXELINUX_UNWRITABLE');
      if (utf8Length(line) > MAX_LINE) throw new WriteError('A line of the help text is too long', 'PXELINUX_TOO_LONG');
      this.#lines.push(line);
    }
    this.line('ENDTEXT');
  }

  checkNames(description: ConfigDescription): void {
    const { default: wanted, ui } = description;
    if (wanted !== undefined && !this.#labels.has(wanted)) throw new WriteError(`There is no label "${wanted}"`, 'PXELINUX_NO_LABEL');
    if (wanted === undefined && ui === undefined && description.prompt !== true) {
      throw new WriteError('Without default, ui and prompt nothing would boot', 'PXELINUX_NO_LABEL');
    }
  }

  text(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

/**
 * A configuration from a description. PXELINUX, menu.c32 and U-Boot read the same entries from it.
 *
 * @throws {WriteError} what the loaders would misread: names with blanks, labels that stand there twice, a default that is no
 * label, options with `initrd=`, and lines and command lines that are too long.
 */
export function generate(description: ConfigDescription): string {
  const { comment, serial, ui, default: wanted, prompt, timeoutMs, ontimeout, title, entries } = description;
  const writer = new Writer();
  if (comment !== undefined) writer.comment(comment);
  if (serial) writer.line('SERIAL', `${serial.port} ${serial.baud}`);
  if (ui !== undefined) writer.line('UI', ui);
  if (wanted !== undefined) writer.line('DEFAULT', wanted);
  if (prompt !== undefined) writer.line('PROMPT', prompt ? 1 : 0);
  if (timeoutMs !== undefined) {
    if (!Number.isInteger(timeoutMs / 100) || timeoutMs < 0) {
      throw new WriteError(`A timeout is a multiple of 100 ms, not ${timeoutMs}`, 'PXELINUX_UNWRITABLE');
    }
    writer.line('TIMEOUT', timeoutMs / 100);
  }
  if (ontimeout !== undefined) writer.line('ONTIMEOUT', ontimeout);
  if (title !== undefined) writer.line('MENU TITLE', title);
  writer.entries(entries);
  writer.checkNames(description);
  return writer.text();
}
