import type { Client, MenuModel, Origin } from '../model.js';
import type { Reading, SourceText } from './include.js';
import { keyCode } from './keys.js';
import { toMilliseconds } from './settings.js';
import { type Directives, readSyslinux, SyslinuxState } from './syslinux.js';
import { LineReader, readInteger, readUnsigned, skipSpace, wordAt } from './text.js';

/** What menu.c32 and vesamenu.c32 make of the files they are given, which count as one. */
export function* evaluateMenu(sources: readonly SourceText[], client: Client | undefined): Reading<MenuModel> {
  const state = new SyslinuxState(
    'menu',
    sources.map(({ file }) => file),
    client,
  );
  const { menus, origins } = state;
  let hasUi = false;
  let clear = false;
  let resolution: [number, number] | undefined;
  const hiddenKeys = new Map<number, string>();

  const menuDirectives: Directives = ({ line, word, end, value, origin }, { menu }) => {
    const { label } = state;
    switch (word) {
      case 'clear':
        clear = true;
        origins.clear = origin;
        return true;
      case 'immediate':
      case 'noimmediate':
        if (label.label) label.immediate = { value: word === 'immediate', origin };
        else {
          menu.immediate = word === 'immediate';
          menu.origins.immediate = origin;
        }
        return true;
      case 'resolution': {
        const width = readUnsigned(line, end, 0);
        resolution = [width.value, readUnsigned(line, width.end, 0).value];
        origins.resolution = origin;
        return true;
      }
      case 'help': {
        if (!label.label) return true;
        const shown = wordAt(line, value);
        label.action = { value: 'help', origin };
        label.kernel = { value: shown.word, origin };
        label.append = undefined;
        if (shown.end < line.length) label.append = { value: wordAt(line, skipSpace(line, shown.end)).word, origin };
        return true;
      }
      case 'hiddenkey': {
        const names = wordAt(line, value);
        const command = line.slice(skipSpace(line, names.end));
        for (const name of splitKeys(names.word)) {
          const code = keyCode(name);
          if (code === undefined) continue;
          hiddenKeys.set(code, command);
          origins[`hiddenKeys.${code}`] = origin;
        }
        return true;
      }
      default:
        return false;
    }
  };

  const directives: Directives = ({ line, word, value, origin }, { menu }) => {
    switch (word) {
      case 'timeout':
        menu.timeoutMs = toMilliseconds(readInteger(line, value));
        menu.origins.timeoutMs = origin;
        return true;
      case 'ontimeout':
        menu.ontimeout = line.slice(value);
        menu.origins.ontimeout = origin;
        return true;
      case 'allowoptions':
        menu.allowEdit = readInteger(line, value) !== 0;
        menu.origins.allowEdit = origin;
        return true;
      case 'ui':
        hasUi = true;
        return true;
      default:
        return false;
    }
  };

  for (const { file, text } of sources) yield* readSyslinux(state, new LineReader(file, text), 0, menuDirectives, directives);
  state.record(menus.current);
  menus.resolveTargets();
  if (hasUi && state.globalDefault) selectStart(state, origins);
  const { files, missing } = state.includes;
  return {
    engine: 'menu.c32',
    files,
    missing,
    totalTimeoutMs: state.totalTimeoutMs,
    clear,
    ...(resolution && { resolution }),
    hiddenKeys: Object.fromEntries([...hiddenKeys].map(([code, command]) => [code, menus.resolveLabel(command)])),
    hidden: state.hidden,
    shiftkey: state.shiftkey,
    startMenu: menus.start.index,
    menus: menus.finish(),
    origins,
  };
}

function selectStart({ menus, globalDefault }: SyslinuxState, origins: Record<string, Origin>): void {
  const before = menus.start;
  menus.selectDefault(globalDefault?.value ?? '', globalDefault?.origin);
  if (menus.start !== before && globalDefault) origins.startMenu = globalDefault.origin;
}

/** Key names between commas; a comma that stands first is a key itself. */
function splitKeys(names: string): string[] {
  const keys: string[] = [];
  let at = 0;
  for (;;) {
    const comma = names.indexOf(',', at + 1);
    if (comma === -1) return [...keys, names.slice(at)];
    keys.push(names.slice(at, comma));
    at = comma + 1;
  }
}
