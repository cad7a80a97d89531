import type { Client, EntryAction, Menu, MenuEntry, Origin, Origins } from '../model.js';
import { sysappendStrings } from '../sysappend.js';
import type { EntryState, Located, MenuSet, MenuState } from './menus.js';

/** Keywords that name what a label boots, in the loaders' words for it. `kernel` leaves the type to the file name. */
const KERNEL_TYPES = ['none', 'localboot', 'kernel', 'linux', 'boot', 'bss', 'pxe', 'fdimage', 'comboot', 'com32', 'config'] as const;
export type KernelType = (typeof KERNEL_TYPES)[number];

/** Keeps a hostile MENU INDENT from filling the memory. Screens are narrower. */
const MAX_INDENT = 1024;

export function isKernelType(word: string): word is KernelType {
  return (KERNEL_TYPES as readonly string[]).includes(word);
}

/**
 * The label that is open while its lines are read.
 *
 * Some settings stick when no label is open, because the loaders write them without looking: they meet the next separator.
 */
export class LabelState {
  label: Located<string> | undefined;
  kernel: Located<string> | undefined;
  type: KernelType = 'none';
  append: Located<string> | undefined;
  initrd: Located<string> | undefined;
  menuLabel: Located<string> | undefined;
  passwd: Located<string> | undefined;
  help: Located<string> | undefined;
  sysappend: Located<number> | undefined;
  hide: Origin | undefined;
  isDefault: Origin | undefined;
  separator = false;
  disabled: Origin | undefined;
  indent: Located<number> | undefined;
  action: Located<'goto' | 'exit' | 'quit' | 'help'> | undefined;
  /** Menu that a MENU EXIT without a tag leads to. */
  exitTo: MenuState | undefined;
  save: Located<boolean> | undefined;
  immediate: Located<boolean> | undefined;

  /** LABEL: what may have been set before it is forgotten, except the action and the two switches. */
  open(label: Located<string>, sysappend: Located<number> | undefined): void {
    this.label = label;
    this.kernel = label;
    this.type = 'kernel';
    this.append = undefined;
    this.initrd = undefined;
    this.menuLabel = undefined;
    this.passwd = undefined;
    this.help = undefined;
    this.sysappend = sysappend;
    this.hide = undefined;
    this.isDefault = undefined;
    this.separator = false;
    this.disabled = undefined;
    this.indent = undefined;
  }
}

export interface RecordOptions {
  engine: 'core' | 'menu';
  client: Client | undefined;
  globalAppend: Located<string> | undefined;
}

/** Files an open label into a menu. Without one nothing happens, and what stuck stays. Gives the state for the next label. */
export function recordLabel(menus: MenuSet, target: MenuState, state: LabelState, options: RecordOptions): LabelState {
  if (state.label === undefined) return state;
  const menu = state.hide ? menus.hidden : target;
  const origins: Origins = { label: state.label.origin };
  const text = state.menuLabel ?? state.label;
  origins.display = text.origin;
  let display = text.value;
  if (state.indent && state.indent.value !== 0) {
    display = ' '.repeat(Math.min(Math.abs(state.indent.value), MAX_INDENT)) + display;
    origins.indent = state.indent.origin;
  }
  if (state.separator) display = '';
  const off = state.separator || state.disabled !== undefined;
  if (state.disabled) origins.disabled = state.disabled;
  if (state.hide) origins.hidden = state.hide;
  const action: EntryAction = off ? 'disabled' : (state.action?.value ?? 'cmd');
  if (state.action) origins.action = state.action.origin;
  const entry: MenuEntry = { label: off ? null : state.label.value, display, action, origins };
  const recorded: EntryState = menus.addEntry(menu, entry);
  if (state.menuLabel) menus.considerHotkey(menu, entry);
  if (action === 'cmd') entry.cmdline = commandLine(state, options, origins);
  else if (action === 'help') {
    entry.cmdline = state.kernel?.value ?? '';
    if (state.append) entry.background = state.append.value;
  } else if (action === 'goto' || action === 'exit') {
    if (state.exitTo && action === 'exit') entry.submenu = state.exitTo.index;
    else recorded.target = state.kernel?.value ?? '';
  }
  if (!off && state.passwd) {
    entry.passwd = state.passwd.value;
    origins.passwd = state.passwd.origin;
  }
  if (state.help) {
    entry.help = state.help.value;
    origins.help = state.help.origin;
  }
  if (options.engine === 'menu') applySwitch('immediate', state.immediate, menu.menu, entry);
  applySwitch('save', state.save, menu.menu, entry);
  const canBeDefault = action === 'cmd' || (options.engine === 'menu' && action === 'goto');
  if (state.isDefault && canBeDefault) {
    menu.menu.default = recorded.position;
    menu.menu.origins.default = state.isDefault;
  }
  return new LabelState();
}

/** MENU IMMEDIATE and MENU SAVE: the label's own setting, or else its menu's. */
function applySwitch(name: 'immediate' | 'save', own: Located<boolean> | undefined, menu: Menu, entry: MenuEntry): void {
  if (!(own?.value ?? menu[name])) return;
  entry[name] = true;
  const origin = own?.origin ?? menu.origins[name];
  if (origin) entry.origins[name] = origin;
}

function commandLine(state: LabelState, { client, globalAppend }: RecordOptions, origins: Origins): string {
  const kernel = state.kernel?.value ?? '';
  let line = state.type === 'kernel' ? kernel : `.${state.type} ${kernel}`;
  if (state.kernel) origins.cmdline = state.kernel.origin;
  const append = state.append ?? globalAppend;
  if (append) origins.append = append.origin;
  if (append && append.value !== '-' && append.value !== '') line += ` ${append.value}`;
  if (state.initrd) {
    line += ` initrd=${state.initrd.value}`;
    origins.initrd = state.initrd.origin;
  }
  if (state.sysappend && state.sysappend.value !== 0) {
    origins.sysappend = state.sysappend.origin;
    for (const string of sysappendStrings(state.sysappend.value, client)) line += ` ${string}`;
  }
  return line;
}
