import { type Node, type PackageEntry, type ParseOptions, parse, type Section, serialize } from '@pxekit/kickstart';
import { describe, expect, it } from 'vitest';

const types = (text: string, options?: ParseOptions) => parse(text, options).children.map(({ type }) => type);
const first = <T extends Node>(text: string) => parse(text).children[0] as T;

describe('parse', () => {
  it('tells the lines of the command part apart', () => {
    const text = "# comment\n\nlang en # English\n%include /tmp/a\n%ksappend b\nit's\n%end\n%packages\n%end\n";
    expect(types(text)).toEqual(['comment', 'blank', 'command', 'include', 'ksappend', 'error', 'error', 'section']);
  });

  it('keeps what is written beside what it means', () => {
    expect(first('  part "/a b" --label=x\\ y # why\n')).toMatchObject({
      type: 'command',
      name: { value: 'part', start: 2, end: 6 },
      args: [
        { raw: '"/a b"', value: '/a b', start: 7, end: 13 },
        { raw: '--label=x\\ y', value: '--label=x y' },
      ],
      comment: { raw: '# why' },
    });
  });

  it('reads a section with its header and its end', () => {
    expect(first('%post --log="/a b" # x\necho "%end"\n %foo\n  %end # done\nlang en\n')).toMatchObject({
      type: 'section',
      kind: 'script',
      name: 'post',
      header: { args: [{ value: '--log=/a b' }], comment: { raw: '# x' } },
      body: [{ type: 'text', raw: 'echo "%end"\n %foo\n' }],
      close: { raw: '  %end # done\n' },
    });
  });

  it('ends a section at the next header when its %end is missing', () => {
    const document = parse('%pre\necho\n%packages\nvim\n');
    expect(document.children.map((node) => (node as Section).close)).toEqual([undefined, undefined]);
    expect(serialize(document)).toBe('%pre\necho\n%packages\nvim\n');
  });

  it('takes %include out of a section', () => {
    const section = first<Section>('%post\na\n%include /tmp/x\nb\n%end\n');
    expect(section.body.map(({ type }) => type)).toEqual(['text', 'include', 'text']);
  });

  it('keeps an unknown section whole when it ends, and else only its line', () => {
    expect(types('%firstboot\nlang en\n%end\nlang en\n')).toEqual(['section', 'command']);
    expect(types('%firstboot\nlang en\n%post\n%end\n')).toEqual(['error', 'command', 'section']);
  });

  it('ends lines where the installer ends them', () => {
    expect(types('lang en\u2028keyboard us\fbogus\x85')).toEqual(['command', 'command', 'command']);
  });

  it('takes a quoted header for one', () => expect(first('"%post"\n%end\n')).toMatchObject({ type: 'section', name: 'post' }));
});

describe('%packages', () => {
  const entries = (...lines: string[]) => first<Section>(`%packages\n${lines.join('\n')}\n%end\n`).body as PackageEntry[];

  it.each([
    ['vim', { kind: 'package', exclude: false, name: 'vim' }],
    ['-vim*', { kind: 'package', exclude: true, name: 'vim*' }],
    ['- vim', { kind: 'package', exclude: true, name: ' vim' }],
    ['vim nano', { kind: 'package', name: 'vim nano' }],
    ['vim#text', { kind: 'package', name: 'vim', comment: { raw: '#text' } }],
    ['@core', { kind: 'group', name: 'core' }],
    ['@ Base System --optional', { kind: 'group', name: 'Base System', options: [{ value: '--optional' }] }],
    ['@nodejs:18/minimal', { kind: 'group', name: 'nodejs:18/minimal' }],
    ['-@dial-up', { kind: 'group', exclude: true, name: 'dial-up' }],
    ['@^server', { kind: 'environment', name: 'server' }],
    ['-@^server', { kind: 'environment', exclude: true, name: 'server' }],
  ])('reads %j', (line, entry) => expect(entries(line)[0]).toMatchObject(entry));

  it('keeps comments, blanks and includes', () => {
    expect(entries('# a', '', '%include b', 'vim').map(({ type }) => type)).toEqual(['comment', 'blank', 'include', 'entry']);
  });
});

describe('templates', () => {
  it('keeps statements that stand on lines of their own', () => {
    const text = '{% if a %}\nlang {{ b }}\n{% endif %}\n<%\n x = 1\n%>\n$SNIPPET("c")\n#if $d\n';
    expect(types(text)).toEqual(['template', 'command', 'template', 'template', 'template', 'comment']);
    expect(serialize(parse(text))).toBe(text);
  });

  it('keeps a value in one word, quotes and blanks included', () => {
    expect(first('rootpw "{{ a | default("x y") }}"\n')).toMatchObject({ args: [{ raw: '"{{ a | default("x y") }}"', template: true }] });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a template, of another language
    expect(first('url --url=http://@HOST@/${path}\n')).toMatchObject({ args: [{ template: true }] });
  });

  it('leaves scripts and what follows them alone', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a script
    const text = "%post\nawk '{print ${'\ndocker ps --format '{{.ID}}' <%\n%end\nlang en\nkeyboard us %>\n";
    const { children } = parse(text);
    expect(children.map(({ type }) => type)).toEqual(['section', 'command', 'command']);
    expect(children[1]).toMatchObject({ args: [{ value: 'en' }] });
  });

  it('can be turned off', () => {
    expect(types('{% if a %}\n', { templates: 'none' })).toEqual(['command']);
    expect(first('lang {{ a }}\n')).toMatchObject({ args: [{ template: true }] });
    expect(parse('lang {{ a }} <%= b %>\n', { templates: ['erb'] }).templates).toEqual([{ kind: 'erb', start: 13, end: 21 }]);
  });
});
