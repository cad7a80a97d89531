import { type Command, IMPLICIT_EXTENSIONS, initrdsOf, MAX_COMMAND_BYTES, parseCommand, typeOf } from './command.js';
import { readCore } from './evaluate/core.js';
import type { Reading, SourceText } from './evaluate/include.js';
import { evaluateMenu } from './evaluate/menu.js';
import type { MenuSet } from './evaluate/menus.js';
import { endsWord, isSpace, readUnsigned, toByteString, wordEnd } from './evaluate/text.js';
import { evaluateUboot } from './evaluate/uboot.js';
import { latin1FromBytes } from './lines.js';
import type { CoreModel, Menu, MenuEntry, MenuModel, UbootLabel, UbootModel } from './model.js';
import { librariesOf, MENU_MODULES } from './modules.js';
import { type AsyncTree, normalizePath, prefixed, type ReadableTree } from './paths.js';
import { type BootClient, candidates, pathPrefix } from './search.js';
import { sysappendStrings } from './sysappend.js';

/** One file a client asked for. */
export interface BootRequest {
  /** The name as the server sees it. */
  path: string;
  purpose: 'module' | 'configuration' | 'include' | 'display' | 'background' | 'kernel' | 'initrd' | 'devicetree' | 'image';
  found: boolean;
}

/** How a boot ends when nobody touches a key; with `waits`, how it ends when the offered choice is taken. */
export type BootOutcome =
  /** A Linux kernel starts with this command line; `initrds` in the order they are loaded. */
  | { type: 'linux'; kernel: string; commandLine: string; initrds: string[]; devicetree?: string }
  /** Control goes back to the firmware (PXELINUX) or to `$localcmd` (U-Boot). */
  | { type: 'localboot'; value: number }
  /** Another boot program or boot sector is started. */
  | { type: 'chain'; file: string; image: Command['type'] }
  /** A module whose work is not simulated. */
  | { type: 'module'; module: string; args: string }
  /** The `boot:` prompt, and why. */
  | { type: 'prompt'; reason: string }
  /** No configuration was found; PXELINUX reboots after a while. */
  | { type: 'no-configuration' };

export interface BootSimulation {
  /** Every file asked for, in order. */
  requests: BootRequest[];
  /** The configuration that was read first. */
  configuration: string | undefined;
  /** Nothing happens until somebody presses a key: a menu or a prompt without a timeout. */
  waits: boolean;
  /** Label that was taken, when there was one. */
  label: string | undefined;
  outcome: BootOutcome;
  core?: CoreModel;
  menu?: MenuModel;
  uboot?: UbootModel;
}

export interface SimulateOptions {
  /** Default: `pxelinux`, version 6.04 on a BIOS machine. */
  loader?: 'pxelinux' | 'uboot';
  /** Label that somebody picks in the menu or types at the prompt. Default: nobody touches a key. */
  select?: string;
}

/**
 * Which files a client asks for, and what would finally boot.
 *
 * Follows the search order, CONFIG, menu.c32 and vesamenu.c32, implicit kernels and the extensions tried for them. Files on
 * other servers count as found. Configurations that lead to each other without end stop at a prompt after 16 rounds.
 */
export function simulateBoot(client: BootClient, tree: ReadableTree, options: SimulateOptions = {}): BootSimulation {
  const steps = start(client, options);
  let step = steps.next();
  while (!step.done) {
    const { path, content } = step.value;
    step = steps.next(content ? toText(tree.read(path)) : tree.has(path) ? '' : undefined);
  }
  return step.value;
}

/** {@link simulateBoot} on a tree that answers later. */
export async function simulateBootAsync(client: BootClient, tree: AsyncTree, options: SimulateOptions = {}): Promise<BootSimulation> {
  const steps = start(client, options);
  let step = steps.next();
  while (!step.done) {
    const { path, content } = step.value;
    step = steps.next(content ? toText(await tree.read(path)) : (await tree.has(path)) ? '' : undefined);
  }
  return step.value;
}

interface Question {
  path: string;
  /** Whether the text is wanted, or only whether the file is there. */
  content: boolean;
}
type Steps<Result> = Generator<Question, Result, string | undefined>;

const MAX_ROUNDS = 16;

function start(client: BootClient, options: SimulateOptions): Steps<BootSimulation> {
  return options.loader === 'uboot' ? new UbootRun(client, options).run() : new PxelinuxRun(client, options).run();
}

function toText(content: string | Uint8Array | undefined): string | undefined {
  if (content === undefined) return undefined;
  return typeof content === 'string' ? toByteString(content) : latin1FromBytes(content);
}

/** What all runs share: asking for files and keeping the list. */
class Run {
  readonly client: BootClient;
  readonly select: string | undefined;
  readonly requests: BootRequest[] = [];
  prefix: string;
  waits = false;
  label: string | undefined;

  constructor(client: BootClient, { loader = 'pxelinux', select }: SimulateOptions) {
    this.client = client;
    this.select = select;
    this.prefix = pathPrefix(client, { loader });
  }

  *ask(path: string | undefined, name: string, purpose: BootRequest['purpose'], content: boolean): Steps<string | undefined> {
    if (path === undefined) {
      this.requests.push({ path: name, purpose, found: true });
      return content ? undefined : '';
    }
    const answer = yield { path: normalizePath(path), content };
    this.requests.push({ path, purpose, found: answer !== undefined });
    return answer;
  }

  /** Answers the includes of an evaluation. */
  *read<Model>(reading: Reading<Model>): Steps<Model> {
    let step = reading.next();
    while (!step.done) step = reading.next(yield* this.ask(prefixed(fileName(step.value), this.prefix), step.value, 'include', true));
    return step.value;
  }
}

class PxelinuxRun extends Run {
  #configuration: string | undefined;
  #core: { model: CoreModel; menus: MenuSet } | undefined;
  #menu: MenuModel | undefined;
  #searchPath: string[] = [];
  #rounds = 0;

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
    yield* this.#open('ldlinux.c32', 'module', false);
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
      if ('path' in event) this.#searchPath.push(...event.path.split(':').filter((folder) => folder !== ''));
      else if (!('say' in event)) yield* this.#open(Object.values(event)[0] as string, 'display', false);
    }
    const ui = core.defaultLevel === 2;
    if (core.prompt !== 0 && !ui) {
      if (this.select !== undefined) return yield* this.#load(this.select, path);
      if (core.timeoutMs === 0 && core.totalTimeoutMs === 0) this.waits = true;
      else if (core.ontimeout) return yield* this.#load(core.ontimeout, path);
    }
    if (core.defaultCmd === null) {
      if (this.select !== undefined) return yield* this.#load(this.select, path);
      return prompt('No DEFAULT or UI configuration directive found!');
    }
    return yield* this.#load(core.defaultCmd, path);
  }

  /** What the core does with a line typed at its prompt, or with DEFAULT: a label, or else a file. */
  *#load(line: string, configuration: string): Steps<BootOutcome> {
    const { model, menus } = this.#core as { model: CoreModel; menus: MenuSet };
    const outcome = yield* this.#start(line, configuration);
    if (outcome.type !== 'prompt' || !model.onerror || this.#rounds > MAX_ROUNDS) return outcome;
    this.#rounds = MAX_ROUNDS + 1;
    return yield* this.#execute(parseCommand(`${menus.findLabel(model.onerror)?.entry.cmdline ?? model.onerror} ${line}`), configuration);
  }

  *#start(line: string, configuration: string): Steps<BootOutcome> {
    const { model, menus } = this.#core as { model: CoreModel; menus: MenuSet };
    const end = wordEnd(line, 0);
    const args = line.slice(skipBlanks(line, end));
    const found = menus.findLabel(line);
    if (found) {
      this.label = found.entry.label ?? undefined;
      const command = found.entry.cmdline ?? '';
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
    const name = fileName(file);
    const path = prefixed(name, this.prefix);
    yield* this.#open('ldlinux.c32', 'module', false);
    const text = yield* this.ask(path, name, 'configuration', true);
    if (text === undefined) return prompt(`configuration ${name} is missing`);
    const folder = fileName(args);
    if (folder !== '') this.prefix = folder.startsWith('::') ? folder.slice(2) : this.prefix + folder;
    return yield* this.#configure(path ?? name, text);
  }

  *#startModule(file: string, args: string, configuration: string): Steps<BootOutcome> {
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
    const { select } = this;
    if (select !== undefined) {
      const entry = model.menus.flatMap(({ entries }) => entries).find(({ label }) => label === select);
      if (entry?.cmdline === undefined) return yield* this.#load(select, configuration);
      this.label = select;
      return yield* this.#run(entry.cmdline, configuration);
    }
    const timed = menu.timeoutMs > 0 || model.totalTimeoutMs > 0;
    if (!timed && !model.shiftkey) this.waits = true;
    if (timed && menu.ontimeout) return yield* this.#run(menu.ontimeout, configuration);
    const entry = highlighted(model, menu);
    if (entry?.cmdline === undefined || entry.action !== 'cmd')
      return prompt(entry ? `the menu offers ${entry.display}` : 'the menu is empty');
    this.label = entry.label ?? undefined;
    return yield* this.#run(entry.cmdline, configuration);
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

class UbootRun extends Run {
  *run(): Steps<BootSimulation> {
    let configuration: string | undefined;
    let uboot: UbootModel | undefined;
    let outcome: BootOutcome = { type: 'no-configuration' };
    for (const { path } of candidates(this.client, { loader: 'uboot' })) {
      const text = yield* this.ask(path, path, 'configuration', true);
      if (text === undefined) continue;
      configuration = path;
      uboot = yield* this.read(evaluateUboot({ file: path, text }));
      outcome = uboot.result < 0 ? prompt('Error parsing config file') : yield* this.#boot(uboot);
      break;
    }
    return { requests: this.requests, configuration, waits: this.waits, label: this.label, outcome, ...(uboot && { uboot }) };
  }

  /** The chosen label, then all others in order until one boots. Of labels with the same name the last one is the default. */
  *#boot(model: UbootModel): Steps<BootOutcome> {
    const wanted = this.select ?? model.default;
    const chosen = wanted === null ? undefined : model.labels.findLast(({ name }) => name === wanted);
    if (chosen === undefined && model.prompt !== 0) this.waits = true;
    if (chosen !== undefined && model.prompt !== 0 && model.timeout === 0 && this.select === undefined) this.waits = true;
    for (const label of [...(chosen ? [chosen] : []), ...model.labels.filter((label) => label !== chosen)]) {
      const outcome = yield* this.#bootLabel(label);
      if (outcome === undefined) continue;
      this.label = label.name;
      return outcome;
    }
    return prompt('no label boots');
  }

  *#bootLabel(label: UbootLabel): Steps<BootOutcome | undefined> {
    if (label.localboot) return { type: 'localboot', value: label.localbootVal };
    if (label.kernel === null) return undefined;
    const initrds: string[] = [];
    if (label.initrd !== null) {
      if ((yield* this.#get(label.initrd, 'initrd')) === undefined) return undefined;
      initrds.push(this.prefix + label.initrd);
    }
    if ((yield* this.#get(label.kernel, 'kernel')) === undefined) return undefined;
    if (label.fdt !== null && label.fdt !== '-') yield* this.#get(label.fdt, 'devicetree');
    const { ip, server = '', gateway = '', netmask = '', mac } = this.client;
    let commandLine = label.append ?? '';
    if (label.ipappend & 1 && ip) commandLine += ` ip=${ip}:${server}:${gateway}:${netmask}`;
    if (label.ipappend & 2 && mac) commandLine += ` ${sysappendStrings(2, { mac }).join('')}`;
    return {
      type: 'linux',
      kernel: this.prefix + label.kernel,
      commandLine,
      initrds,
      ...(label.fdt !== null && label.fdt !== '-' && { devicetree: this.prefix + label.fdt }),
    };
  }

  *#get(name: string, purpose: BootRequest['purpose']): Steps<string | undefined> {
    return yield* this.ask(this.prefix + name, name, purpose, false);
  }
}

function prompt(reason: string): BootOutcome {
  return { type: 'prompt', reason };
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

/** File names end at the first blank and at 255 bytes. */
function fileName(name: string): string {
  return name.slice(0, Math.min(wordEnd(name, 0), 255));
}

function skipBlanks(text: string, at: number): number {
  let i = at;
  while (i < text.length && (endsWord(text.charCodeAt(i)) || isSpace(text.charCodeAt(i)))) i++;
  return i;
}
