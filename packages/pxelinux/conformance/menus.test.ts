import { readFileSync } from 'node:fs';
import { evaluate, parse, renderMenu } from '@pxekit/pxelinux';
import { expect, it } from 'vitest';
import { Screen } from '../src/preview/screen.js';
import { Terminal } from '../src/preview/terminal.js';

/** What the real menu.c32 6.04 wrote to its serial line for a configuration; record-menus.mjs makes the file. */
const MENUS = JSON.parse(readFileSync(new URL('menus.json', import.meta.url), 'utf8')) as {
  name: string;
  config: string;
  serial: string;
}[];

/** A recording goes on for some seconds, so numbers in the countdown differ. */
function withoutNumbers(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/\d+/g, '#'));
}

it.each(MENUS.map(({ name, config, serial }) => [name, config, serial] as const))(
  'draws %s as the real menu.c32 does',
  (_, config, serial) => {
    const real = new Screen(25, 80);
    new Terminal(real, { ansi: [], console: 'serial' }).write(serial);
    const ours = renderMenu(evaluate(parse(config), { engine: 'menu' }));
    expect(withoutNumbers(ours.lines())).toEqual(withoutNumbers(real.lines()));
    expect(ours.toJSON().attrs).toEqual(real.toJSON().attrs);
  },
);
