import {
  addLabel,
  type Document,
  evaluate,
  getArgument,
  getArguments,
  parse,
  removeArgument,
  removeLabel,
  renameLabel,
  reorderLabels,
  setArgument,
  setDefault,
  setMenuTimeout,
  setMenuTitle,
  WriteError,
} from '@pxekit/pxelinux';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const piece = fc.constantFrom(
  ...'LABEL a|label b|LABEL c d|  KERNEL k|\tkernel\tk2|  APPEND x=1  y "z w"|append -|  INITRD i.img|append initrd=j x|MENU LABEL ^A'.split(
    '|',
  ),
  ...'MENU SEPARATOR|MENU BEGIN m|MENU END|DEFAULT a|default menu.c32|UI menu.c32|TIMEOUT 50|MENU DEFAULT|IPAPPEND 2|# note||PROMPT 1'.split(
    '|',
  ),
  ...'TEXT HELP|ENDTEXT|  MENU TITLE t|SAY hi|unknown x|LOCALBOOT 0'.split('|'),
);
const config = fc
  .tuple(fc.array(piece, { maxLength: 25 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, eol, ends]) => lines.join(eol) + (ends ? eol : ''));

/** Label and command line of every entry that boots, in order. */
function commands(text: string): [string | null, string | undefined][] {
  return evaluate(parse(text), { engine: 'core' }).menus.flatMap(({ entries }) =>
    entries.map(({ label, cmdline }) => [label, cmdline] as const),
  ) as [string | null, string | undefined][];
}

/** Runs an edit; what is refused is no failure. */
function attempt(text: string, edit: (document: Document<string>) => { text: string }): string | undefined {
  try {
    return edit(parse(text)).text;
  } catch (error) {
    expect(error).toBeInstanceOf(WriteError);
    return undefined;
  }
}

const value = fc.oneof(fc.constantFrom('1', 'a b', 'x,initrd=y', 'é', '', 'a\nb', '"q"'), fc.string());

it('an argument that was set is read back, and no other label changes', () => {
  fc.assert(
    fc.property(config, fc.constantFrom('x', 'new', 'initrd'), value, (text, name, wanted) => {
      const result = attempt(text, (document) => setArgument(document, 'a', name, wanted));
      if (result === undefined) return;
      const document = parse(result);
      if (name !== 'initrd') {
        const read = getArgument(document, 'a', name);
        expect(read === true ? read : read?.replace(/^"(.*)"$/s, '$1')).toBe(wanted.replace(/^"(.+)"$/s, '$1'));
      }
      const now = commands(result);
      const changed = commands(text).filter(([label, command], i) => now[i]?.[0] !== label || now[i]?.[1] !== command);
      expect(changed.length).toBeLessThanOrEqual(1);
      expect(changed.every(([label]) => label === 'a')).toBe(true);
    }),
    { numRuns: 400 },
  );
});

it('an argument that was removed is gone, and no other label changes', () => {
  fc.assert(
    fc.property(config, (text) => {
      const result = attempt(text, (document) => removeArgument(document, 'a', 'x'));
      if (result === undefined) return;
      expect(getArguments(parse(result), 'a').map(({ name }) => name)).toEqual(
        getArguments(parse(text), 'a')
          .map(({ name }) => name)
          .filter((name) => name !== 'x'),
      );
      const others = (list: [string | null, string | undefined][]) => list.filter(([label]) => label !== 'a');
      expect(others(commands(result))).toEqual(others(commands(text)));
    }),
    { numRuns: 400 },
  );
});

it('labels that are added, removed, renamed or moved leave the others what they were', () => {
  const without = (list: [string | null, string | undefined][], ...names: string[]) =>
    list.filter(([label, command]) => command !== undefined && !names.includes(label ?? ''));
  fc.assert(
    fc.property(config, (text) => {
      const before = commands(text);
      const added = attempt(text, (document) => addLabel(document, { name: 'new', lines: [['KERNEL', 'kn']] }));
      if (added !== undefined) {
        expect(without(commands(added), 'new')).toEqual(without(before));
        expect(commands(added).some(([label, command]) => label === 'new' && command?.startsWith('kn'))).toBe(true);
      }
      const removed = attempt(text, (document) => removeLabel(document, 'a'));
      if (removed !== undefined) expect(without(commands(removed), 'a')).toEqual(without(before, 'a'));
      const renamed = attempt(text, (document) => renameLabel(document, 'a', 'new'));
      if (renamed !== undefined) expect(without(commands(renamed), 'a', 'new')).toEqual(without(before, 'a'));
      const moved = attempt(text, (document) => reorderLabels(document, ['b', 'a']));
      if (moved !== undefined) expect(without(commands(moved)).sort()).toEqual(without(before).sort());
    }),
    { numRuns: 400 },
  );
});

it('settings are read back', () => {
  fc.assert(
    fc.property(config, fc.string(), (text, title) => {
      const timed = attempt(text, (document) => setMenuTimeout(document, 70));
      if (timed !== undefined) expect(evaluate(parse(timed), { engine: 'menu' }).menus[1]?.timeoutMs).toBe(7000);
      const titled = attempt(text, (document) => setMenuTitle(document, title));
      const utf8 = Array.from(new TextEncoder().encode(title), (byte) => String.fromCharCode(byte)).join('');
      if (titled !== undefined) expect(evaluate(parse(titled), { engine: 'menu' }).menus[1]?.title).toBe(utf8);
      const chosen = attempt(text, (document) => setDefault(document, 'b'));
      if (chosen === undefined) return;
      const core = evaluate(parse(chosen), { engine: 'core' });
      expect(core.globalDefault === 'b' || /menu default/i.test(chosen)).toBe(true);
    }),
    { numRuns: 400 },
  );
});
