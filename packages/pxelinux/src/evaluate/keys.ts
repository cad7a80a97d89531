/** Codes of the keys that have names (com32/libutil/keyname.c). */
const KEY_CODES: Readonly<Record<string, number>> = {
  backspace: 0x08,
  tab: 0x09,
  enter: 0x0d,
  esc: 0x1b,
  escape: 0x1b,
  space: 0x20,
  ...Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`f${i + 1}`, 0x100 + i])),
  up: 0x120,
  down: 0x121,
  left: 0x122,
  right: 0x123,
  pgup: 0x124,
  pgdn: 0x125,
  home: 0x126,
  end: 0x127,
  insert: 0x128,
  delete: 0x129,
};

/** Code of a key by its name: one character, `^X` for Ctrl-X, or a name; `undefined` for others. */
export function keyCode(name: string): number | undefined {
  if (name.length === 1) return name.charCodeAt(0);
  if (name.length === 2 && name[0] === '^') return name[1] === '?' ? 0x7f : name.charCodeAt(1) & 0x9f;
  const lower = name.toLowerCase();
  return Object.hasOwn(KEY_CODES, lower) ? KEY_CODES[lower] : undefined;
}
