import { DEFAULT_COLORS } from '../evaluate/colors.js';
import type { ColorSetting } from '../model.js';

/** A menu's colour table, in the order by which menu.c32 numbers the elements: the defaults with what its `MENU COLOR` lines changed. */
export function colorTable(colors: Readonly<Record<string, ColorSetting>>): Readonly<ColorSetting>[] {
  return Object.entries(DEFAULT_COLORS).map(([name, color]) => colors[name] ?? color);
}
