import { fromJson, type JsonLine, parse, serialize, toJson } from '@pxekit/kickstart';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kickstartText } from './kickstart-text.js';

describe('the JSON form', () => {
  test('comes back with every byte, whatever the text', () => {
    fc.assert(
      fc.property(kickstartText, (text) => {
        expect(serialize(fromJson(JSON.parse(JSON.stringify(toJson(parse(text))))))).toBe(text);
      }),
    );
  });

  test('writes anew what somebody changed, and nothing else', () => {
    const json = toJson(parse('part  /   --size=1 # root\nlang  en_US\n'));
    (json.children[0] as JsonLine).args = ['/', '--size=2', '--label=a b'];
    expect(serialize(fromJson(json))).toBe('part / --size=2 "--label=a b"\nlang  en_US\n');
  });

  test('may be written by hand', () => {
    const document = fromJson({
      type: 'kickstart',
      children: [
        { type: 'comment', text: 'mine' },
        { type: 'command', name: 'rootpw', args: ['a#b'] },
        { type: 'include', args: ['x.ks'] },
        { type: 'section', name: 'packages', args: ['--ignoremissing'], body: [{ type: 'entry', name: '-vim' }] },
        { type: 'section', name: 'post', body: [{ type: 'text', text: 'ls' }] },
      ],
    });
    expect(serialize(document)).toBe('# mine\nrootpw "a#b"\n%include x.ks\n%packages --ignoremissing\n-vim\n%end\n%post\nls\n%end\n');
  });

  test.each([
    [null, '$ '],
    [{ type: 'x' }, '$ '],
    [{ type: 'kickstart', children: [{ type: 'command' }] }, '$.children[0].name'],
    [{ type: 'kickstart', children: [{ type: 'command', name: 'x', args: [1] }] }, '$.children[0].args'],
    [{ type: 'kickstart', children: [{ type: 'nope' }] }, '$.children[0].type'],
    [{ type: 'kickstart', children: [{ type: 'section', name: 'post', body: {} }] }, '$.children[0].body'],
  ])('is refused with the place that is wrong: %j', (value, place) => {
    expect(() => fromJson(value)).toThrow(expect.objectContaining({ code: 'KS_BAD_JSON', message: expect.stringContaining(place) }));
  });
});
