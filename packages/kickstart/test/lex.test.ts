import { KickstartSource, splitWords, tokenize } from '@pxekit/kickstart';
import { describe, expect, it } from 'vitest';

const argv = (text: string) => tokenize(text);

describe('tokenize', () => {
  it.each([
    ['', []],
    ['part / --size=1', ['part', '/', '--size=1']],
    ['rootpw abc#def', ['rootpw', 'abc']],
    ['a "b # c" d # e', ['a', 'b # c', 'd']],
    [`a'b c'"d e"f`, ['ab cd ef']],
    ['"a\\"b\\c\\\\d"', ['a"b\\c\\d']],
    ['a\\ b', ['a b']],
    ['part / \\\n', ['part', '/', '\n']],
    ['"" x', ['', 'x']],
    ['a # b\nc', ['a', 'c']],
    ['a\u00a0b', ['a\u00a0b']],
  ])('splits %j', (text, words) => expect(argv(text)).toEqual({ argv: words }));

  it.each([
    ['a "b', 'unclosed-quote'],
    ["it's", 'unclosed-quote'],
    ['a \\', 'dangling-escape'],
    ['"a\\', 'dangling-escape'],
  ])('reports %j', (text, error) => expect(argv(text)).toEqual({ error }));

  it('keeps # when comments are off', () => expect(tokenize('a#b #c', { comments: false })).toEqual({ argv: ['a#b', '#c'] }));
});

describe('splitWords', () => {
  it('says where a word stands and how it is written', () => {
    expect(splitWords(`x "a b"c`).words[1]).toEqual({ start: 2, end: 8, raw: '"a b"c', value: 'a bc' });
  });

  it('takes a template as one piece', () => {
    const text = 'rootpw {{ "a b" }}x y';
    const { words } = splitWords(text, 0, text.length, { templates: [{ kind: 'braces', start: 7, end: 18 }] });
    expect(words.map(({ raw }) => raw)).toEqual(['rootpw', '{{ "a b" }}x', 'y']);
    expect(words[1]?.template).toBe(true);
  });
});

describe('KickstartSource', () => {
  it('counts every line end the installer knows', () => {
    const source = new KickstartSource('a\nb\r\nc\rd\fe\u2028f\x85g');
    expect(source.lineCount).toBe(7);
    expect([1, 2, 3, 4, 5, 6, 7].map((line) => source.lineText(line))).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    expect(source.positionAt(5)).toEqual({ offset: 5, line: 3, column: 1 });
  });
});
