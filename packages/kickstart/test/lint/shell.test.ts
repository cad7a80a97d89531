import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scanShell } from '../../src/lint/shell.js';

describe('scanShell', () => {
  test.each([
    'echo "a $(echo "b" `c`) d"',
    "echo 'a\"b' # it's",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is shell
    'echo ${x:-"a b"} ${#x} $# ${x%\'}\'} "${x:-it\'s}"',
    'x=$(case $1 in a) echo b;; (c) d;; esac)',
    'echo $((1 << 2)) $(( (3 + 4) * 2 ))\n(( x = 1 << 3 ))\nfor ((i=0; i<3; i++)); do :; done',
    "printf $'it\\'s'",
    'cat <<EOF\n"unbalanced\nEOF\necho',
    'cat <<-"E O" <<\\X\n\tone\n\tE O\ntwo\nX\n',
    'cat <<< "here"',
    'grep "$x" <<EOF | while read a; do echo \'b\'; done\n$(x\nEOF\n',
    'echo a#b "c" \\" \\\' # "',
  ])('finds everything closed in %j', (script) => {
    const { unclosed, hereDocuments } = scanShell(script);
    expect(unclosed).toBeUndefined();
    expect(hereDocuments.every(({ end }) => end !== undefined)).toBe(true);
  });

  test.each([
    ['echo "a', '"', 5],
    ["x='y", "'", 2],
    ['echo $(ls', '$(', 5],
    ['echo ${x', '${', 5],
    ['echo `ls', '`', 5],
  ])('finds what is open in %j', (script, kind, at) => {
    expect(scanShell(script).unclosed).toEqual({ kind, at });
  });

  test('wants the delimiter alone on its line', () => {
    expect(scanShell('cat <<EOF\nx\n EOF\n').hereDocuments).toEqual([{ start: 4, delimiter: 'EOF' }]);
  });

  test('ends for every text', () => {
    const piece = fc.constantFrom(
      '"',
      "'",
      '`',
      '$(',
      '${',
      '$((',
      ')',
      '}',
      '))',
      '<<E\n',
      'E\n',
      '#',
      '\\',
      ' ',
      '\n',
      'case ',
      'esac',
      'a',
      '$',
      '(',
      '((',
    );
    fc.assert(fc.property(fc.array(piece), (pieces) => void scanShell(pieces.join(''))));
  });
});
