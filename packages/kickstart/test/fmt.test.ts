import { type Document, format, parse } from '@pxekit/kickstart';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kickstartText } from './kickstart-text.js';

describe('format', () => {
  test.each([
    ['  lang   en_US.UTF-8\t# x  \r\n', 'lang en_US.UTF-8 # x\n'],
    ['part / --siz 1 --grow', 'part / --size=1 --grow\n'],
    ['bootloader "--append=a b"\n', 'bootloader --append="a b"\n'],
    ["rootpw 'plain'\n", 'rootpw plain\n'],
    ['rootpw --lock -- -x\n', 'rootpw --lock -- -x\n'],
    ['\n\nlang x\n\n\n\nreboot\n\n', 'lang x\n\nreboot\n'],
    ['reboot\n%packages\n  vim # v\n- nano\n\n\n@core\n', 'reboot\n\n%packages\nvim # v\n- nano\n\n@core\n%end\n'],
    ['# the end\n%post\n  indented  \n%end\n', '# the end\n%post\n  indented  \n%end\n'],
    ['part / --size={{ size }}\n', 'part / --size={{ size }}\n'],
    ['', ''],
    // The end of the file escapes nothing; a line end would be part of the word.
    ['lang x\\', 'lang x\\'],
    ['reboot\n\\', 'reboot\n\\'],
    // A backslash takes the line end into the word and continues nothing.
    ['network  --device=eth0 \\\n  --bootproto=dhcp\n', 'network --device=eth0 \\\n--bootproto=dhcp\n'],
    ['%post  --log=a\\\ntext\n%end\n', '%post --log=a\\\ntext\n%end\n'],
    ['{{ x }}\\\nreboot\n', '{{ x }}\\\nreboot\n'],
    // Line ends of an old Mac: those of its lines go, those that would change a line stay.
    ['lang x\r\rreboot\r', 'lang x\n\nreboot\n'],
    ['{% if x %}\r%packages\r%end', '{% if x %}\r\r%packages\n%end\n'],
    ['%post\r\r\r\n%end', '%post\n\r\r%end\n'],
  ])('%j', (text, expected) => {
    expect(format(parse(text))).toBe(expected);
  });

  test('changes nothing the second time', () => {
    fc.assert(
      fc.property(kickstartText, (text) => {
        const once = format(parse(text));
        expect(format(parse(once))).toBe(once);
      }),
    );
  });

  test('nor with line ends of every kind, beside each other and behind a backslash', () => {
    const text = fc
      .array(fc.constantFrom('\r', '\n', '\r\n', '\\\n', ' ', 'text', '%post', '%packages', '%end', '# c', '{% if a %}', '--log=a', '"'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (text) => {
        const once = format(parse(text));
        expect(format(parse(once))).toBe(once);
      }),
      { numRuns: 1000 },
    );
  });

  test('keeps the meaning of every line', () => {
    fc.assert(
      fc.property(kickstartText, (text) => {
        const document = parse(text, { templates: 'none' });
        expect(meaning(parse(format(document), { templates: 'none' }))).toEqual(meaning(document));
      }),
    );
  });
});

/** What a file says, spelling apart. */
export function meaning({ children }: Document): unknown[] {
  return children.flatMap((node): unknown[] => {
    if (node.type === 'command') return [[node.name.value, words(node.args), node.comment?.raw.trim()]];
    if (node.type === 'include' || node.type === 'ksappend') return [[node.type, node.target?.value]];
    if (node.type === 'comment') return [node.raw.trim()];
    if (node.type !== 'section') return [];
    const entries = node.body.flatMap((inner): unknown[] =>
      inner.type === 'entry'
        ? [[inner.exclude, inner.kind, inner.name, inner.comment?.raw.trim()]]
        : inner.type === 'include'
          ? [inner.target?.value]
          : [],
    );
    return [[node.name, words(node.header.args), entries]];
  });
}

/** `--size 1`, `--siz=1` and `--size=1` say the same. */
function words(args: readonly { value: string }[]): string {
  return args
    .map(({ value }) => value.replace(/^--siz(?=$|=)/, '--size'))
    .join('=')
    .replace(/==+/g, '=')
    .replace(/=$/, '');
}
