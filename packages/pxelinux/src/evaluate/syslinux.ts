import type { Client, Origin } from '../model.js';
import { WordCache } from '../word-cache.js';
import { Includes, type Reading } from './include.js';
import { LabelState, recordLabel } from './label.js';
import { type Located, MenuSet, type MenuState } from './menus.js';
import { readMenuSetting, readSetting } from './settings.js';
import { LineReader, skipSpace, wordAt, wordEnd } from './text.js';

/** One line while it is looked at. */
export interface Statement {
  /** Where it was read, for what stands behind the line's first CR. */
  reader: LineReader;
  /** The line up to its first CR, LF or NUL. */
  line: string;
  /** First word in lower case, and where it begins and ends. */
  word: string;
  start: number;
  end: number;
  /** Where the value begins. */
  value: number;
  origin: Origin;
}

/** What a directive that only one of the two parsers knows does; `false` when it is not known. */
export type Directives = (statement: Statement, menu: MenuState) => boolean;

/**
 * What ldlinux (the core) and menu.c32 have in common. They read the same file with two parsers that differ in places;
 * both are modelled on 6.04 (com32/elflink/ldlinux/readconfig.c and com32/menu/readconfig.c).
 */
export class SyslinuxState {
  readonly engine: 'core' | 'menu';
  readonly client: Client | undefined;
  readonly includes: Includes;
  readonly menus = new MenuSet();
  readonly words = new WordCache((written) => written.toLowerCase());
  label = new LabelState();
  globalAppend: Located<string> | undefined;
  globalSysappend: Located<number> | undefined;
  globalDefault: Located<string> | undefined;
  totalTimeoutMs = 0;
  hidden = false;
  shiftkey = false;
  readonly origins: Record<string, Origin> = {};
  /** Message, font or keyboard map that the statement at hand loads. */
  display: string | undefined;

  constructor(engine: 'core' | 'menu', files: readonly string[], client: Client | undefined) {
    this.engine = engine;
    this.client = client;
    this.includes = new Includes(files);
  }

  record(menu: MenuState): void {
    this.label = recordLabel(this.menus, menu, this.label, this);
  }
}

/**
 * Reads one file into the state, and those it includes. Includes nest no deeper than the guard allows.
 *
 * Each file remembers its menu on its own, as the loaders do: when an included file leaves a submenu open, the rest of the
 * including file still sets things in the old menu, but opens and closes menus from the new one.
 */
export function* readSyslinux(
  state: SyslinuxState,
  reader: LineReader,
  depth: number,
  menuDirectives: Directives,
  directives: Directives,
): Reading<void> {
  let menu = state.menus.current;
  const { menus, words } = state;

  function* include(statement: Statement, at: number, tagged: boolean): Reading<void> {
    const { line, origin } = statement;
    const path = wordAt(line, skipSpace(line, at));
    const tag = tagged ? line.slice(skipSpace(line, path.end)) : '';
    const opens = tag !== '';
    const open = () => {
      state.record(menu);
      menu = menus.begin(tag, origin);
    };
    // menu.c32 opens the submenu before it looks for the file, the core after.
    if (opens && state.engine === 'menu') open();
    const text = yield* state.includes.read(path.word, depth + 1);
    if (text !== undefined) {
      if (opens && state.engine === 'core') open();
      yield* readSyslinux(state, new LineReader(path.word, text), depth + 1, menuDirectives, directives);
    }
    if (opens && (state.engine === 'menu' || text !== undefined)) {
      state.record(menu);
      menu = menus.end();
    }
  }

  for (let line = reader.next(); line !== undefined; line = reader.next()) {
    const start = skipSpace(line, 0);
    const end = wordEnd(line, start);
    const statement: Statement = {
      reader,
      line,
      word: words.read(line, start, end),
      start,
      end,
      value: skipSpace(line, end),
      origin: { file: reader.file, line: reader.line },
    };
    switch (statement.word) {
      case '':
        break;
      case 'menu': {
        const inner = subStatement(statement, words);
        switch (inner.word) {
          case 'include':
            yield* include(inner, inner.end, true);
            break;
          case 'separator':
            state.record(menu);
            state.label.label = { value: '', origin: inner.origin };
            state.label.separator = true;
            state.record(menu);
            break;
          case 'begin':
            state.record(menu);
            menu = menus.begin(line.slice(inner.value), inner.origin);
            break;
          case 'end':
            state.record(menu);
            menu = menus.end();
            break;
          default:
            if (!menuDirectives(inner, menu)) readMenuSetting(state, inner, menu);
        }
        break;
      }
      case 'text':
        readText(state, reader, wordAt(line, statement.value).word.toLowerCase() === 'help');
        break;
      case 'include':
        yield* include(statement, end, state.engine === 'menu');
        break;
      case 'label': {
        state.record(menu);
        const name = state.engine === 'core' ? wordAt(line, statement.value).word : line.slice(statement.value);
        state.label.open({ value: name, origin: statement.origin }, state.globalSysappend);
        break;
      }
      default:
        readSetting(state, statement, menu, directives);
        if (state.display !== undefined) {
          yield { path: state.display, purpose: 'display' };
          state.display = undefined;
        }
    }
  }
}

/** The statement that follows a first word: `MENU x`. */
function subStatement({ reader, line, value, origin }: Statement, words: WordCache): Statement {
  const end = wordEnd(line, value);
  return { reader, line, word: words.read(line, value, end), start: value, end, value: skipSpace(line, end), origin };
}

/** C strings end at a NUL. */
export function upToNul(text: string): string {
  const nul = text.indexOf('\0');
  return nul === -1 ? text : text.slice(0, nul);
}

/** The lines up to ENDTEXT, as they are; kept only after TEXT HELP. */
function readText(state: SyslinuxState, reader: LineReader, keep: boolean): void {
  const origin = { file: reader.file, line: reader.line };
  const parts: string[] = [];
  for (let line = reader.next(); line !== undefined; line = reader.next()) {
    const text = upToNul(reader.piece);
    if (wordAt(text, skipSpace(text, 0)).word.toLowerCase() === 'endtext') break;
    if (keep) parts.push(text);
  }
  if (parts.length === 0) return;
  const { help } = state.label;
  state.label.help = { value: (help?.value ?? '') + parts.join(''), origin: help?.origin ?? origin };
}
