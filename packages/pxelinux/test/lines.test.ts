import { parse } from '@pxekit/pxelinux';
import { describe, expect, it } from 'vitest';

describe('parse', () => {
  it('splits a line into indent, keyword, gap, value, trailing blanks and line end', () => {
    expect(parse('  Append \tks=x y \r\n').nodes).toEqual([
      { type: 'directive', offset: 0, line: 1, indent: '  ', keyword: 'Append', gap: ' \t', value: 'ks=x y', trailing: ' ', eol: '\r\n' },
    ]);
  });

  it('keeps blank lines, comments and unknown directives', () => {
    expect(parse('\n # c\nfoo bar').nodes.map((node) => node.type)).toEqual(['blank', 'comment', 'directive']);
  });

  it('takes a help text as one node up to ENDTEXT', () => {
    const [block, next] = parse('text help\n LABEL x\nendtext\nLABEL y\n').nodes;
    expect(block).toMatchObject({ type: 'text', line: 1, body: ' LABEL x\n', close: { keyword: 'endtext', line: 3 } });
    expect(next).toMatchObject({ keyword: 'LABEL', value: 'y', line: 4 });
  });

  it('lets a help text without ENDTEXT swallow the rest', () => {
    expect(parse('TEXT HELP\na\nLABEL y\n').nodes).toMatchObject([{ type: 'text', body: 'a\nLABEL y\n', close: undefined }]);
  });

  it('does not end a line at a lone carriage return', () => {
    expect(parse('a b\rc d\n').nodes).toMatchObject([{ keyword: 'a', value: 'b\rc d' }]);
  });

  it('reads bytes one character per byte', () => {
    const { text, encoding } = parse(Uint8Array.of(0x4c, 0x80, 0xff));
    expect([text, encoding]).toEqual(['L\u0080\u00ff', 'bytes']);
  });
});
