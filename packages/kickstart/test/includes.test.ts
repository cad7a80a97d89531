import { flatten, flattenSync, lint, parse, serialize } from '@pxekit/kickstart';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const reader = (files: Record<string, string>) => (path: string) => files[path];

describe('flattenSync', () => {
  test('puts included files in place, comments and all', () => {
    const document = parse('# head\n%include sub/net.ks\nreboot\n', { name: 'srv/ks.cfg' });
    const flat = flattenSync(document, { read: reader({ 'srv/sub/net.ks': '# network\nnetwork --bootproto=dhcp' }) });
    expect(serialize(flat.document)).toBe('# head\n# network\nnetwork --bootproto=dhcp\nreboot\n');
    expect(flat.diagnostics).toEqual([]);
  });

  test('follows includes inside sections and relative to the file that names them', () => {
    const files = { '/ks/a/pk.ks': 'vim\n%include ../b/more.ks\n', '/ks/b/more.ks': 'nano\n' };
    const flat = flattenSync(parse('%packages\n%include a/pk.ks\n%end\n', { name: '/ks/main.ks' }), { read: reader(files) });
    expect(serialize(flat.document)).toBe('%packages\nvim\nnano\n%end\n');
  });

  test('resolves against URLs', () => {
    const asked: string[] = [];
    flattenSync(parse('%include part.ks\n%include /root.ks\n%ksappend http://b/x\n', { name: 'http://a/ks/main.ks?mac=1' }), {
      read: (path) => void asked.push(path) as undefined,
    });
    expect(asked).toEqual(['http://a/ks/part.ks', 'http://a/root.ks', 'http://b/x']);
  });

  test('tells the file and line a place came from', () => {
    const document = parse('lang en_US.UTF-8\n%include b.ks\n', { name: 'a.ks' });
    const flat = flattenSync(document, { read: reader({ 'b.ks': '# x\nrootpw secret\n' }) });
    const [found] = flat.relocate(lint(flat.document, { rules: { 'ks/plaintext-password': 'warning' }, preset: [] }));
    expect(found).toMatchObject({ source: 'b.ks', range: { start: { line: 2, column: 8 } } });
  });

  test('reports a cycle with the chain of files and ends', () => {
    const flat = flattenSync(parse('%include b.ks\n', { name: 'a.ks' }), { read: reader({ 'b.ks': '%include a.ks\n' }) });
    expect(flat.diagnostics).toMatchObject([
      { code: 'ks/include-cycle', source: 'b.ks', message: expect.stringContaining('a.ks > b.ks > a.ks') },
    ]);
  });

  test('keeps the line of a file that is not there', () => {
    const flat = flattenSync(parse('%include gone.ks\n%include /tmp/part\n', { name: 'a.ks' }), { read: () => undefined });
    expect(serialize(flat.document)).toBe('%include gone.ks\n%include /tmp/part\n');
    expect(flat.diagnostics.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
      'ks/include-not-found warning',
      'ks/include-not-found info',
    ]);
  });

  test('stops where includes double without end', () => {
    const files: Record<string, string> = {};
    for (let n = 0; n < 40; n++) files[`${n}.ks`] = `%include ${n + 1}.ks\n%include ${n + 1}.ks\n`;
    const flat = flattenSync(parse('%include 0.ks\n', { name: 'a.ks' }), { read: reader(files), maxIncludes: 500 });
    expect(flat.diagnostics.some(({ code }) => code === 'ks/include-limit')).toBe(true);
  });

  test('origins cover the text without gaps, whatever is included', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('lang x\n', '%include b\n', '%include c\n', '%post\n', '%end\n', 'x')),
        fc.string(),
        (lines, b) => {
          const flat = flattenSync(parse(lines.join(''), { name: 'a' }), { read: reader({ b, c: '%include b\n' }) });
          let at = 0;
          for (const { start, end, file, offset } of flat.origins) {
            expect(start).toBe(at);
            at = end;
            const text = flat.files.get(file)?.text.slice(offset, offset + end - start);
            if (text !== '') expect(flat.document.source.text.slice(start, end)).toBe(text);
          }
          expect(at).toBe(flat.document.source.text.length);
        },
      ),
    );
  });
});

test('flatten waits for a reader that answers later', async () => {
  const flat = await flatten(parse('%include b\n', { name: 'a' }), { read: async () => 'reboot\n' });
  expect(serialize(flat.document)).toBe('reboot\n');
});
