import { type Arguments, lastUse } from '../arguments.js';
import { splitWords, type Word } from '../lex.js';
import type { Command } from '../tree.js';
import { parseInteger } from '../values.js';
import type { CheckContext } from './context.js';
import { reportExtras } from './report.js';

/** Commands whose words follow rules that no table row can say. */
export const SPECIAL: Readonly<Record<string, (command: Command, read: Arguments, context: CheckContext) => void>> = {
  raid: checkRaid,
  volgroup: checkVolumeGroup,
  btrfs: checkBtrfs,
  realm: checkRealm,
  network: checkNetwork,
  multipath: checkMultipath,
  // These take whatever words there are.
  key: (command, { extras, options }, context) => {
    if (extras.length === 0 && options.length === 0) context.error('ks/missing-argument', command.name, '"key" needs a key or "--skip"');
  },
  langsupport: (command, { extras }, context) => reportExtras(extras.filter(isOption), command.name.value, context),
  zerombr: (command, { extras }, context) => {
    const spec = context.table.commands.get('zerombr');
    if (!spec?.warns) reportExtras(extras, command.name.value, context);
    else if (extras[0]) context.warn('ks/deprecated-option', extras[0], `${context.title} ignores the words after "zerombr"`);
  },
};

function isOption(word: Word): boolean {
  return word.value.startsWith('-');
}

function has(read: Arguments, ...names: string[]): boolean {
  return read.options.some(({ name }) => names.includes(name));
}

function checkMembers(command: Command, members: readonly Word[], read: Arguments, context: CheckContext): void {
  const existing = has(read, '--useexisting', '--noformat');
  const [first] = members;
  if (first === undefined && !existing) context.error('ks/missing-argument', command.name, `"${command.name.value}" needs its partitions`);
  else if (first !== undefined && existing && !first.template) {
    context.error('ks/unexpected-argument', first, `An existing "${command.name.value}" takes no partitions`);
  }
}

function checkRaid(command: Command, read: Arguments, context: CheckContext): void {
  reportExtras(read.extras.filter(isOption), command.name.value, context);
  const [, partitions = []] = read.positionals;
  const more = read.extras.filter((word) => !isOption(word));
  // Words after the options are the partitions, unless some stood before them; then pykickstart drops them without a word.
  if (partitions.length > 0 && !context.asPykickstart) reportExtras(more, command.name.value, context);
  checkMembers(command, partitions.length > 0 ? partitions : more, read, context);
}

function checkVolumeGroup(command: Command, read: Arguments, context: CheckContext): void {
  const [names = []] = read.positionals;
  // pykickstart takes unknown options for partitions.
  if (!context.asPykickstart) reportExtras(read.extras.filter(isOption), command.name.value, context);
  checkMembers(command, read.extras.length > 0 ? read.extras : names.slice(1), read, context);
}

function checkBtrfs(command: Command, read: Arguments, context: CheckContext): void {
  const [mountPoint, ...devices] = read.extras;
  reportExtras(read.extras.filter(isOption), command.name.value, context);
  if (mountPoint === undefined) context.error('ks/missing-argument', command.name, '"btrfs" needs a mount point');
  else if (devices.length === 0)
    context.error('ks/missing-argument', command.name, '"btrfs" needs its partitions, or the parent of the subvolume');
}

/** RHEL 7 reads a VLAN id out of the name of the interface. */
function checkNetwork(command: Command, read: Arguments, context: CheckContext): void {
  reportExtras(read.extras, command.name.value, context);
  if (context.release !== 'RHEL7') return;
  const use = lastUse(read.options, '--interfacename');
  if (use?.value === undefined || use.valueWord === undefined || use.valueWord.template) return;
  const problem = vlanNameProblem(use.value);
  if (problem !== undefined) context.error('ks/invalid-value', use.valueWord, `"${use.value}": ${problem}`);
}

function vlanNameProblem(name: string): string | undefined {
  const dot = name.indexOf('.');
  const ids: string[] = [];
  if (dot !== -1) {
    if (name.slice(0, dot) === 'vlan') return 'the part before the dot cannot be "vlan"';
    ids.push(name.slice(dot + 1));
  }
  if (name.startsWith('vlan')) ids.push(name.slice(4));
  for (const id of ids) if (parseInteger(id) === undefined) return `"${id}" is not a VLAN id`;
  const id = parseInteger(ids[ids.length - 1] ?? '0') as number;
  return id < 0 || id > 4095 ? 'a VLAN id is between 0 and 4095' : undefined;
}

/** A device belongs to one multipath device only. */
function checkMultipath(command: Command, read: Arguments, context: CheckContext): void {
  reportExtras(read.extras, command.name.value, context);
  const device = lastUse(read.options, '--device');
  const name = lastUse(read.options, '--name')?.value;
  if (device?.value === undefined || device.word.template) return;
  const earlier = context.multipathDevices.get(device.value);
  if (earlier === undefined) context.multipathDevices.set(device.value, name);
  else if (earlier !== name) context.error('ks/command-conflict', device.word, `"${device.value}" already belongs to "${earlier}"`);
}

const REALM_OPTIONS: Readonly<Record<string, boolean>> = {
  'client-software': true,
  'server-software': true,
  'membership-software': true,
  'one-time-password': true,
  'no-password': false,
  'computer-ou': true,
};

/** `realm join [options] name`: read by getopt, so options stand before the name; `#` begins no comment here. */
function checkRealm(command: Command, _read: Arguments, context: CheckContext): void {
  const { text } = context.document.source;
  const { words, error } = splitWords(text, command.name.end, command.end, { comments: false });
  if (error !== undefined) {
    context.error('ks/unclosed-quote', { start: error.at, end: command.end }, 'The quote is not closed');
    return;
  }
  const earlier = context.seen.get('realm');
  if (earlier !== undefined) {
    const related = { at: earlier.name, message: 'The first one stands here.' };
    context.error('ks/command-conflict', command.name, 'Only one realm can be joined', related);
    return;
  }
  const [verb, ...args] = words;
  if (verb?.value !== 'join') {
    context.error('ks/invalid-value', verb ?? command.name, '"realm" needs "join" and the name of the realm');
    return;
  }
  let at = 0;
  for (; at < args.length; at++) {
    const word = args[at] as Word;
    if (word.value === '--') {
      at++;
      break;
    }
    if (!word.value.startsWith('-') || word.value === '-') break;
    const [written = '', value] = word.value.split(/=(.*)/s);
    const matches = Object.keys(REALM_OPTIONS).filter((name) => written.startsWith('--') && name.startsWith(written.slice(2)));
    const name = matches.find((candidate) => candidate === written.slice(2)) ?? matches[0];
    if (name === undefined || (matches.length > 1 && name !== written.slice(2))) {
      context.error('ks/unknown-option', word, `"realm join" has no option "${written}"`);
      return;
    }
    if (REALM_OPTIONS[name] && value === undefined) at++;
    if (REALM_OPTIONS[name] && at >= args.length) context.error('ks/missing-value', word, `"--${name}" needs a value`);
    if (!REALM_OPTIONS[name] && value !== undefined) context.error('ks/unexpected-value', word, `"--${name}" takes no value`);
  }
  const names = args.slice(at);
  if (names.length !== 1) context.error('ks/missing-argument', names[1] ?? command.name, '"realm join" needs the name of one realm');
}
