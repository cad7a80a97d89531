import { applyEdits, type TextEdit } from '@pxekit/diagnostics';
import {
  addPackages,
  type Command,
  edit,
  findCommands,
  findOptions,
  findSections,
  formatCommand,
  insertCommand,
  parse,
  quoteOption,
  quoteWord,
  removeCommands,
  removeOption,
  removePackages,
  renameOption,
  replaceScript,
  serialize,
  setArgument,
  setCommand,
  setOption,
  splitWords,
} from '@pxekit/kickstart';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const first = (text: string) => parse(text).children[0] as Command;
const after = (text: string, edits: readonly TextEdit[]) => applyEdits(text, edits);
// biome-ignore lint/suspicious/noControlCharactersInRegex: three of them end lines
const oneLine = fc.string({ unit: 'grapheme' }).filter((value) => !/[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/.test(value));

describe('quoting', () => {
  test('reads back as what was meant, whatever it is', () => {
    fc.assert(
      fc.property(oneLine, (value) => {
        expect(splitWords(quoteWord(value)).words.map((word) => word.value)).toEqual([value]);
        expect(splitWords(quoteOption('--x', value)).words.map((word) => word.value)).toEqual([`--x=${value}`]);
      }),
    );
  });

  test('is left out where it is not needed', () => {
    expect(quoteWord('a,b:c/d=e')).toBe('a,b:c/d=e');
    expect(quoteOption('--gecos', 'A "B" C')).toBe(`--gecos='A "B" C'`);
  });
});

describe('setOption', () => {
  test.each([
    ['part / --size=1', 'size', 2, 'part / --size=2'],
    ['part / --size 1 # root', 'size', 2, 'part / --size 2 # root'],
    ['part / --siz=1', 'size', 2, 'part / --siz=2'],
    ['part / --size=1  --grow', 'fstype', 'xfs', 'part / --size=1  --grow --fstype=xfs'],
    ['part /   # root', 'grow', true, 'part / --grow   # root'],
    ['part / --size=1 --size=2', 'size', 3, 'part / --size=3'],
    ['bootloader --append="a b"', 'append', 'a "c"', `bootloader --append='a "c"'`],
    ['bootloader "--append=a b"', 'append', 'c d', 'bootloader --append="c d"'],
    ['rootpw --lock -- -x', 'iscrypted', true, 'rootpw --lock --iscrypted -- -x'],
    ['part / --grow --size=1', 'grow', false, 'part / --size=1'],
    ['part / --size=1\u2028lang x', 'size', 2, 'part / --size=2\u2028lang x'],
    ['part / --size=1\u2028lang x', 'size', false, 'part /\u2028lang x'],
    ['part /\u2028lang x', 'grow', true, 'part / --grow\u2028lang x'],
    ['ignoredisk', 'only-use', ['sda', 'sdb'], 'ignoredisk --only-use=sda,sdb'],
    ['rhsm --organization=1', 'activation-key', ['a', 'b'], 'rhsm --organization=1 --activation-key=a --activation-key=b'],
  ])('%s, %s', (text, name, value, expected) => {
    expect(after(text, setOption(first(text), name, value as string))).toBe(expected);
  });

  test('reads back as what was set, and leaves the other words alone', () => {
    fc.assert(
      fc.property(fc.constantFrom('part / --size=1 --grow #c\n', 'part --label "a b" /\n'), oneLine, (text, value) => {
        const tree = edit(parse(text, { templates: 'none' }), setOption(first(text), 'label', value));
        const command = parse(serialize(tree), { templates: 'none' }).children[0] as Command;
        expect(findOptions(command, 'label').at(-1)?.value).toBe(value);
        expect(command.comment?.raw).toBe(first(text).comment?.raw);
      }),
    );
  });

  test('refuses a value that cannot be written', () => {
    expect(() => setOption(first('part /'), 'label', 'a\nb')).toThrow(expect.objectContaining({ code: 'KS_UNWRITABLE_VALUE' }));
    expect(() => setOption(first('part /'), 'la bel', 'a')).toThrow(expect.objectContaining({ code: 'KS_UNWRITABLE_NAME' }));
  });
});

describe('commands', () => {
  const text = '# head\nlang en_US\n\npartition / --size=1\nreboot\n%packages\n%end\n';
  const document = parse(text);

  test('are found by any of their names', () => {
    expect(findCommands(document, 'part')).toHaveLength(1);
    expect(findCommands(document, 'poweroff')).toHaveLength(1);
  });

  test('are replaced where they stand', () => {
    expect(after(text, setCommand(document, { name: 'lang', args: ['de_DE.UTF-8'] }))).toContain('# head\nlang de_DE.UTF-8\n\n');
  });

  test('are inserted beside their kind, or at the end of the command part', () => {
    const part = { name: 'part', args: ['swap'], options: { size: 512 } };
    expect(after(text, insertCommand(document, part))).toContain('part swap --size=512\nreboot');
    expect(after(text, setCommand(document, { name: 'timezone', args: ['Etc/UTC'] }))).toContain('reboot\ntimezone Etc/UTC\n%packages');
    expect(after('reboot', insertCommand(parse('reboot'), { name: 'text' }))).toBe('reboot\ntext\n');
    expect(after('reboot\r\n', insertCommand(parse('reboot\r\n'), { name: 'text' }))).toBe('reboot\r\ntext\r\n');
    expect(after('', insertCommand(parse(''), { name: 'text' }))).toBe('text\n');
  });

  test('are removed with their line', () => {
    expect(after(text, removeCommands(document, 'lang'))).toBe('# head\n\npartition / --size=1\nreboot\n%packages\n%end\n');
  });

  test('get other arguments and option names', () => {
    const keyboard = first('timezone --isUtc America/New_York');
    expect(after('timezone --isUtc America/New_York', setArgument(keyboard, 0, 'Etc/UTC'))).toBe('timezone --isUtc Etc/UTC');
    const [use] = findOptions(keyboard, 'isUtc');
    expect(use && after('timezone --isUtc America/New_York', renameOption(use, 'utc'))).toBe('timezone --utc America/New_York');
    expect(after('lang a b', removeOption(first('lang a b'), 'x'))).toBe('lang a b');
  });

  test('are written with positionals that look like options behind --', () => {
    expect(formatCommand({ name: 'rootpw', args: ['-x'], options: { plaintext: true } })).toBe('rootpw --plaintext -- -x');
  });
});

describe('packages', () => {
  const text = '%packages\n  @core\n  -vim # no\n%end\n';

  test('are added behind the last entry, in its style', () => {
    expect(after(text, addPackages(parse(text), ['nano', '@core', '-joe']))).toBe(
      '%packages\n  @core\n  -vim # no\n  nano\n  -joe\n%end\n',
    );
  });

  test('that were excluded change on their own line', () => {
    expect(after(text, addPackages(parse(text), ['vim']))).toBe('%packages\n  @core\n  vim # no\n%end\n');
  });

  test('make the section where there is none', () => {
    expect(after('reboot', addPackages(parse('reboot'), ['vim']))).toBe('reboot\n%packages\nvim\n%end\n');
  });

  test('are removed with their line', () => {
    expect(after(text, removePackages(parse(text), ['@core', 'vim']))).toBe('%packages\n  -vim # no\n%end\n');
  });

  test('with names that would not read back are refused', () => {
    for (const name of ['a#b', ' a', 'a\nb', '-', '%end']) {
      expect(() => addPackages(parse(''), [name])).toThrow(expect.objectContaining({ code: expect.stringMatching(/^KS_UNWRITABLE/) }));
    }
  });
});

describe('replaceScript', () => {
  test('changes the body only', () => {
    const text = '%post --log=/x # c\nold\n%end # done\n';
    const document = parse(text);
    const section = findSections(document, 'post')[0];
    expect(section && after(text, replaceScript(document, section, 'new'))).toBe('%post --log=/x # c\nnew\n%end # done\n');
  });

  test('refuses a line that would end the section', () => {
    const document = parse('%post\n%end\n');
    const section = findSections(document, 'post')[0];
    expect(() => section && replaceScript(document, section, 'cat <<E\n %end\nE\n')).toThrow(
      expect.objectContaining({ code: 'KS_UNWRITABLE_SCRIPT' }),
    );
  });
});
