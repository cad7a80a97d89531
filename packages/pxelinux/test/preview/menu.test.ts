import { evaluate, parse, type RenderOptions, renderMenu } from '@pxekit/pxelinux';
import { describe, expect, it } from 'vitest';

function screen(text: string, options: RenderOptions = {}) {
  return renderMenu(evaluate(parse(text), { engine: 'menu' }), options);
}

const lines = (text: string, options?: RenderOptions) => screen(text, options).lines();
const entries = (count: number) => Array.from({ length: count }, (_, i) => `LABEL e${i + 1}\n KERNEL k\n`).join('');

describe('renderMenu', () => {
  it('centres the title in a box and lists the entries', () => {
    const [top, title, line, first, second] = lines(`MENU TITLE My menu\n${entries(2)}`);
    expect(top).toBe(`          ┌${'─'.repeat(58)}┐`);
    expect(title).toBe(`          │${' '.repeat(25)}My menu${' '.repeat(26)}│`);
    expect(line).toContain('├');
    expect(first).toContain('│ e1 ');
    expect(second).toContain('│ e2 ');
  });

  it('marks the selected entry, the hotkey, and entries that cannot be chosen', () => {
    const text = 'LABEL a\n MENU LABEL ^One\nLABEL b\n MENU LABEL T^wo\nLABEL c\n MENU DISABLE\n';
    const row = (index: number) => screen(text).toJSON().attrs[index];
    expect(row(3)?.slice(2, 5)).toEqual([
      [1, ['white', 'black', 0, 1]],
      [1, ['white', 'black', 1, 1]],
      [56, ['white', 'black', 0, 1]],
    ]);
    expect(row(4)?.slice(2, 5)).toEqual([
      [2, ['white', 'blue', 0, 0]],
      [1, ['white', 'blue', 1, 0]],
      [55, ['white', 'blue', 0, 0]],
    ]);
    expect(row(5)?.[2]).toEqual([58, ['black', 'blue', 1, 0]]);
  });

  it('scrolls to the entry and moves the bar', () => {
    const text = `MENU ROWS 4\n${entries(8)}`;
    expect(lines(text)[3]).toMatch(/e1 .*▒$/);
    const last = lines(text, { selected: 7 });
    expect(last[6]).toMatch(/e8 .*▒$/);
    expect(last[3]).toMatch(/e5 .*│$/);
  });

  it('marks submenus and ways out', () => {
    const text = 'MENU BEGIN More\nLABEL b\n MENU EXIT\nMENU END\n';
    expect(lines(text)[3]).toMatch(/│ More +> │/);
    expect(lines(text, { menu: 2 })[3]).toMatch(/│ b +< │/);
  });

  it('counts the timeout in words', () => {
    expect(lines(`TIMEOUT 50\n${entries(1)}`)[19]).toBe('                         Automatic boot in 5 seconds...');
    expect(lines(`TIMEOUT 50\n${entries(1)}`, { secondsLeft: 1 })[19]).toContain('in 1 second...');
  });

  it('shows the countdown alone for a hidden menu, until a key is pressed', () => {
    const text = `MENU HIDDEN\nTIMEOUT 50\n${entries(1)}`;
    expect(lines(text).filter(Boolean)).toEqual(['                         Automatic boot in 5 seconds...']);
    expect(lines(text, { revealed: true })[3]).toContain('e1');
  });

  it('shows the help of the selected entry', () => {
    expect(lines(`LABEL a\n TEXT HELP\nfirst\nsecond\n ENDTEXT\n`).slice(21, 23)).toEqual(['first', 'second']);
  });

  it('says that there is nothing to choose', () => {
    expect(lines('')[0]).toBe('Initial menu has no LABEL entries!');
  });

  it('keeps within the screen whatever the layout says', () => {
    for (const value of [-1_000_000, -1, 0, 3, 100, 1_000_000_000]) {
      for (const name of ['WIDTH', 'MARGIN', 'ROWS', 'VSHIFT', 'HSHIFT', 'HELPMSGENDROW', 'TABMSGROW']) {
        const json = screen(`MENU ${name} ${value}\n${entries(3)}`).toJSON();
        expect(json.lines).toHaveLength(25);
        for (const row of json.attrs) expect(row.reduce((sum, [count]) => sum + count, 0)).toBe(80);
      }
    }
  });

  it('shows bytes as UTF-8 or as the PC console does', () => {
    expect(lines('LABEL é\n')[3]).toContain('│ é ');
    expect(lines('LABEL é\n', { console: 'vga' })[3]).toContain('│ ├⌐ ');
  });

  it('paints tabs and the cleared screen on the PC console, as its real memory shows', () => {
    const config = 'MENU COLOR screen 1;36;44\nLABEL a\tb\n';
    const colorAt = (row: number, column: number, console: 'serial' | 'vga') =>
      renderMenu(evaluate(parse(config), { engine: 'menu' }), { console }).row(row)[column]?.color;
    expect(colorAt(3, 14, 'vga')).toMatchObject({ fg: 'white', reverse: true });
    expect(colorAt(3, 14, 'serial')).toMatchObject({ fg: 'default', reverse: false });
    expect(colorAt(24, 0, 'vga')).toMatchObject({ fg: 'cyan', bg: 'blue', bold: true });
    expect(colorAt(24, 0, 'serial')).toMatchObject({ fg: 'default', bg: 'default' });
  });
});
