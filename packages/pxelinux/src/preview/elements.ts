import { DEFAULT_COLORS } from '../evaluate/colors.js';
import type { ColorSetting } from '../model.js';

/** The elements of the screen in the order of menu.c32's colour table; their index there is their number. */
export const ELEMENTS: readonly string[] = Object.keys(DEFAULT_COLORS);

/** A menu's colour table: the defaults with what its `MENU COLOR` lines changed. */
export function colorTable(colors: Readonly<Record<string, ColorSetting>>): Readonly<ColorSetting>[] {
  return Object.entries(DEFAULT_COLORS).map(([name, color]) => colors[name] ?? color);
}
