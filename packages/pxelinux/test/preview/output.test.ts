import { evaluate, parse, renderMenu, renderSvg, toAnsi } from '@pxekit/pxelinux';
import { describe, expect, it } from 'vitest';

const model = evaluate(
  parse(
    'MENU TITLE A & B\nMENU COLOR sel 7;37;40 #ffffffff #ff5255ff all\nMENU BACKGROUND #ff102030\nLABEL a\n MENU LABEL <^one>\n KERNEL k\n',
  ),
  { engine: 'menu' },
);

describe('toAnsi', () => {
  it('prints rows whose attributes are set by SGR sequences', () => {
    const rows = toAnsi(renderMenu(model)).split('\n');
    expect(rows).toHaveLength(26);
    expect(rows[3]).toContain('\u001b[0;1;7;37;40mo\u001b[0;7;37;40mne>');
    expect(rows.slice(0, 25).every((row) => row.endsWith('\u001b[0m'))).toBe(true);
  });
});

describe('renderSvg', () => {
  it('paints vesamenu.c32 with its own colours and size', () => {
    const svg = renderSvg(model);
    expect(svg).toContain('width="640" height="480"');
    expect(svg).toContain('<title>A &#38; B</title>');
    expect(svg).toContain('fill="#102030"');
    expect(svg).toContain('fill="#5255ff"');
    expect(svg).toContain('&#60;');
  });

  it('mixes colours as vesamenu.c32 does: these were read from its screen', () => {
    const real = evaluate(
      parse('MENU BACKGROUND #ff102030\nMENU TITLE T\nTIMEOUT 9000\nLABEL a\nMENU LABEL ^First\nLABEL b\nLABEL c\nMENU DISABLE\n'),
      { engine: 'menu' },
    );
    const svg = renderSvg(real);
    const colors = { title: '047fd5', unsel: 'c6c7c8', disabled: '848588', tabmsg: 'c6c71e', timeout: 'e1e1e2' };
    const selected = { ground: '65382d', hotkey: '3c060c' };
    for (const color of Object.values({ ...colors, ...selected })) expect(svg).toContain(`fill="#${color}"`);
  });

  it('keeps the blanks inside a line', () => {
    const menu = evaluate(parse('MENU BEGIN a  b\nLABEL x\nMENU END\n'), { engine: 'menu' });
    expect(renderSvg(menu)).toMatch(/>a\u00a0\u00a0b\u00a0+&#62;</);
  });

  it('follows MENU RESOLUTION', () => {
    const wide = evaluate(parse('MENU RESOLUTION 1024 768\nLABEL a\n'), { engine: 'menu' });
    expect(renderSvg(wide)).toContain('width="1024" height="768"');
  });

  it('paints menu.c32 in the colours of text mode', () => {
    const svg = renderSvg(model, { module: 'menu.c32' });
    expect(svg).toContain('width="640" height="400"');
    expect(svg).toContain('fill="#0000aa"');
  });

  it('puts a picture behind the menu', () => {
    expect(renderSvg(model, { background: 'a"b.png' })).toContain('<image href="a&#34;b.png"');
  });

  it('is well formed for any title', () => {
    const odd = evaluate(parse('MENU TITLE \u0007\u0001]]>&<\nLABEL \u001b[31m\n'), { engine: 'menu' });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(renderSvg(odd)).not.toMatch(/[\u0000-\u0008\u000b-\u001f]|&<|>&[^#]/);
  });
});
