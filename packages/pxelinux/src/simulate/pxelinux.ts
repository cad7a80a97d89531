import { type Command, IMPLICIT_EXTENSIONS, initrdsOf, MAX_COMMAND_BYTES, parseCommand, typeOf } from '../command.js';
import { readCore } from '../evaluate/core.js';
import type { SourceText } from '../evaluate/include.js';
import { evaluateMenu } from '../evaluate/menu.js';
import type { MenuSet } from '../evaluate/menus.js';
import { endsWord, isSpace, readUnsigned, wordEnd } from '../evaluate/text.js';
import type { CoreModel, Menu, MenuEntry, MenuModel } from '../model.js';
import { librariesOf, MENU_MODULES } from '../modules.js';
import { prefixed } from '../paths.js';
import { candidates } from '../search.js';
import { sysappendStrings } from '../sysappend.js';
import { type BootOutcome, type BootRequest, type BootSimulation, prompt } from './outcome.js';
import { fileName, Run, type Steps } from './run.js';

/** CONFIG may lead to CONFIG, and a menu to a menu, but not for ever. */
const MAX_ROUNDS = 16;

/**
 * A boot of PXELINUX 6.04. Order and kind of the requests were compared with those of the real loader.
 */
export class PxelinuxRun extends Run {
  #configuration: string | undefined;
  #core: { model: CoreModel; menus: MenuSet } | undefined;
  #menu: MenuModel | undefined;
  #searchPath: string[] = [];
  #rounds = 0;
  /** The core has handed over to a module or another configuration; it does not come back to ONERROR. */
  #left = false;

  *run(): Steps<BootSimulation> {
    const outcome = yield* this.#boot();
    return {
      requests: this.requests,
      configuration: this.#configuration,
      waits: this.waits,
      label: this.label,
      outcome,
      ...(this.#core && { core: this.#core.model }),
      ...(this.#menu && { menu: this.#menu }),
    };
  }

  *#boot(): Steps<BootOutcome> {
    if ((yield* this.#open('ldlinux.c32', 'module', false)) === undefined) return { type: 'no-loader', file: 'ldlinux.c32' };
    for (const { path } of candidates(this.client)) {
      const text = yield* this.ask(prefixed(path, ''), path, 'configuration', true);
      if (text === undefined) continue;
      this.#configuration = path;
      return yield* this.#configure(path, text);
    }
    return { type: 'no-configuration' };
  }

  /** The core reads a configuration and does what it says. */
  *#configure(path: string, text: string): Steps<BootOutcome> {
    if (++this.#rounds > MAX_ROUNDS) return prompt('the configurations lead to each other without end');
    this.#core = yield* this.read(readCore({ file: path, text }, this.client));
    const core = this.#core.model;
    for (const event of core.events) {
      if (!('path' in event)) continue;
      // Each folder goes before those already there.
      for (const folder of event.path.split(':')) if (folder !== '') this.#searchPath.unshift(folder);
    }
    const ui = core.defaultLevel === 2;
    if (core.prompt !== 0 && !ui) {
      if (this.select !== undefined) return yield* this.#load(this.select, path);
      if (core.timeoutMs === 0 && core.totalTimeoutMs === 0) this.waits = true;
      else if (core.ontimeout) return yield* this.#load(core.ontimeout, path);
    }
    // Somebody who picks a label where no menu comes up has pressed Shift to get the prompt.
    if (this.select !== undefined && !this.#leadsToChoice(core.defaultCmd)) return yield* this.#load(this.select, path);
    if (core.defaultCmd === null) return prompt('No DEFAULT or UI configuration directive found!');
    return yield* this.#load(core.defaultCmd, path);
  }

  /** Whether a command shows a menu, or goes on with a configuration that may have one. */
  #leadsToChoice(command: string | null): boolean {
    if (command === null) return false;
    const { menus } = this.#core as { menus: MenuSet };
    const { type, file } = parseCommand(menus.findLabel(command)?.entry.cmdline ?? command);
    const name = file.slice(file.lastIndexOf('/') + 1);
    return type === 'config' || MENU_MODULES.includes(name) || MENU_MODULES.includes(`${name}.c32`);
  }

  /** What the core does with a line typed at its prompt, or with DEFAULT: a label, or else a file. */
  *#load(line: string, configuration: string): Steps<BootOutcome> {
    const { model, menus } = this.#core as { model: CoreModel; menus: MenuSet };
    this.#left = false;
    const outcome = yield* this.#start(line, configuration);
    if (outcome.type !== 'prompt' || !model.onerror || this.#left) return outcome;
    this.#left = true;
    return yield* this.#execute(parseCommand(`${menus.findLabel(model.onerror)?.entry.cmdline ?? model.onerror} ${line}`), configuration);
  }

  *#start(line: string, configuration: string): Steps<BootOutcome> {
    const { model, menus } = this.#core as { model: CoreModel; menus: MenuSet };
    const end = wordEnd(line, 0);
    const args = line.slice(skipBlanks(line, end));
    const found = menus.findLabel(line);
    if (found) {
      this.label = found.entry.label ?? undefined;
      const command = found.entry.cmdline;
      if (command === undefined) return prompt(`label ${found.entry.label} boots nothing`);
      return yield* this.#run(args === '' ? command : `${command} ${args}`, configuration);
    }
    if (model.implicit === 0) return prompt(`${line.slice(0, end)} is no label, and IMPLICIT is 0`);
    return yield* this.#startImplicit(line.slice(0, end), model.allowoptions === 0 ? '' : args, model.sysappend, configuration);
  }

  /** A name that is no label: the extensions are tried in order. SYSAPPEND is added, the global APPEND is not. */
  *#startImplicit(name: string, args: string, sysappend: number, configuration: string): Steps<BootOutcome> {
    let file = name;
    if (typeOf(name) === 'kernel') {
      for (const extension of IMPLICIT_EXTENSIONS) {
        if (!(yield* this.#find(name + extension, 'image'))) continue;
        file = name + extension;
        break;
      }
    }
    const added = sysappendStrings(sysappend, this.client).join(' ');
    const separator = args !== '' && added !== '' ? ' ' : '';
    return yield* this.#run(`${file} ${args}${separator}${added}`, configuration);
  }

  *#run(line: string, configuration: string): Steps<BootOutcome> {
    if (line.length > MAX_COMMAND_BYTES) return prompt('cmdline too long');
    return yield* this.#execute(parseCommand(line), configuration);
  }

  *#execute({ type, file, args }: Command, configuration: string): Steps<BootOutcome> {
    switch (type) {
      case 'localboot':
        return { type: 'localboot', value: localbootValue(file) };
      case 'config':
        return yield* this.#chainConfiguration(file, args);
      case 'com32':
        return yield* this.#startModule(file, args, configuration);
      case 'pxe':
      case 'boot':
      case 'bss': {
        const found = (yield* this.#open(file, 'image', false)) !== undefined;
        return found ? { type: 'chain', file: this.#requested(file), image: type } : prompt(`${file} is missing`);
      }
      default:
        return yield* this.#startLinux(file, args);
    }
  }

  *#startLinux(file: string, args: string): Steps<BootOutcome> {
    if ((yield* this.#open(file, 'kernel', false)) === undefined) return prompt(`kernel ${file} is missing`);
    const commandLine = `BOOT_IMAGE=${file} ${args}`;
    const initrds = initrdsOf(commandLine);
    for (const initrd of initrds) {
      if ((yield* this.#open(initrd, 'initrd', false)) === undefined) return prompt(`initrd ${initrd} is missing`);
    }
    return { type: 'linux', kernel: this.#requested(file), commandLine, initrds: initrds.map((initrd) => this.#requested(initrd)) };
  }

  /** CONFIG: the core starts anew with another file; the argument is a folder that is added to the prefix. */
  *#chainConfiguration(file: string, args: string): Steps<BootOutcome> {
    this.#left = true;
    const name = fileName(file);
    const path = prefixed(name, this.prefix);
    yield* this.#open('ldlinux.c32', 'module', false);
    const text = yield* this.ask(path, name, 'configuration', true);
    if (text === undefined) return prompt(`configuration ${name} is missing`);
    const folder = fileName(args);
    this.#left = false;
    if (folder !== '') this.prefix = folder.startsWith('::') ? folder.slice(2) : this.prefix + folder;
    return yield* this.#configure(path ?? name, text);
  }

  *#startModule(file: string, args: string, configuration: string): Steps<BootOutcome> {
    this.#left = true;
    if (!(yield* this.#find(file, 'module'))) return prompt(`module ${file} is missing`);
    const module = file.slice(file.lastIndexOf('/') + 1);
    for (const library of librariesOf(module)) {
      if (!(yield* this.#find(library, 'module'))) return prompt(`library ${library} of ${module} is missing`);
    }
    if (!MENU_MODULES.includes(module)) return { type: 'module', module: this.#requested(file), args };
    return yield* this.#showMenu(module, args, configuration);
  }

  /** menu.c32 reads the configuration again, or the files it is given, with a parser of its own. */
  *#showMenu(module: string, args: string, configuration: string): Steps<BootOutcome> {
    if (++this.#rounds > MAX_ROUNDS) return prompt('the menus lead to each other without end');
    const names = args.split(/\s+/).filter((name) => name !== '');
    const sources: SourceText[] = [];
    for (const name of names.length === 0 ? ['~'] : names) {
      const path = name === '~' ? configuration : prefixed(fileName(name), this.prefix);
      const text = yield* this.ask(path, name, 'configuration', true);
      if (text !== undefined) sources.push({ file: path ?? name, text });
    }
    const model = yield* this.read(evaluateMenu(sources, this.client));
    this.#menu = model;
    const menu = model.menus[model.startMenu] as Menu;
    const { background } = menu;
    if (module === 'vesamenu.c32' && background && !background.startsWith('#')) yield* this.#open(background, 'background', false);
    const entry =
      this.select === undefined ? undefined : model.menus.flatMap(({ entries }) => entries).find(({ label }) => label === this.select);
    if (this.select !== undefined && entry?.cmdline === undefined) return yield* this.#load(this.select, configuration);
    const command = entry ?? this.#unattended(model, menu);
    if (typeof command === 'string') return prompt(command);
    this.label = command.label ?? undefined;
    const outcome = yield* this.#run(command.cmdline ?? '', configuration);
    if (outcome.type !== 'prompt' || menu.onerror === null) return outcome;
    this.label = undefined;
    return yield* this.#run(menu.onerror, configuration);
  }

  /** What a menu starts by itself, or offers when it waits; a reason when that is nothing. */
  #unattended(model: MenuModel, menu: Menu): Pick<MenuEntry, 'label' | 'cmdline'> | string {
    const timed = menu.timeoutMs > 0 || model.totalTimeoutMs > 0;
    if (timed && menu.ontimeout !== null) return { label: null, cmdline: menu.ontimeout };
    const chosen = menu.entries[menu.default];
    if (timed && chosen !== undefined && chosen.action !== 'disabled') {
      if (chosen.action === 'cmd') return chosen;
      if (chosen.action === 'help') return `the menu shows ${chosen.cmdline}`;
      return 'the menu ends without a choice, and the prompt that follows starts it again';
    }
    if (chosen === undefined) return 'the menu is empty';
    if (!model.shiftkey) this.waits = true;
    const offered = highlighted(model, menu);
    return offered?.action === 'cmd' ? offered : 'the menu offers nothing that boots';
  }

  /** Asks for a file under the prefix. */
  *#open(name: string, purpose: BootRequest['purpose'], content: boolean): Steps<string | undefined> {
    const file = fileName(name);
    return yield* this.ask(prefixed(file, this.prefix), file, purpose, content);
  }

  /** Asks for a file as it is named, then in the folders of PATH. */
  *#find(name: string, purpose: BootRequest['purpose']): Steps<boolean> {
    if ((yield* this.#open(name, purpose, false)) !== undefined) return true;
    for (const folder of this.#searchPath) {
      const path = folder.endsWith('/') ? folder + name : `${folder}/${name}`;
      if ((yield* this.#open(path, purpose, false)) !== undefined) return true;
    }
    return false;
  }

  #requested(name: string): string {
    const file = fileName(name);
    return prefixed(file, this.prefix) ?? file;
  }
}

/** The entry the cursor stands on: the default one, or the next that can be chosen; through submenus to their own. */
function highlighted(model: MenuModel, from: Menu): MenuEntry | undefined {
  let menu: Menu | undefined = from;
  for (let depth = 0; menu !== undefined && depth < MAX_ROUNDS; depth++) {
    const order: MenuEntry[] = [...menu.entries.slice(menu.default), ...menu.entries.slice(0, menu.default)];
    const entry = order.find(({ action }) => action !== 'disabled');
    if (entry?.submenu === undefined) return entry;
    menu = model.menus[entry.submenu];
  }
  return undefined;
}

/** LOCALBOOT takes decimal, octal and hex and keeps 16 bits: 0xffff and -1 are the same. */
function localbootValue(text: string): number {
  return readUnsigned(text, 0, 0).value & 0xffff;
}

function skipBlanks(text: string, at: number): number {
  let i = at;
  while (i < text.length && (endsWord(text.charCodeAt(i)) || isSpace(text.charCodeAt(i)))) i++;
  return i;
}
