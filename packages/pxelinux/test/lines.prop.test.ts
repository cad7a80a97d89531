import { nodeText, parse, serialize } from '@pxekit/pxelinux';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const snippet = fc.constantFrom(
  'LABEL a',
  'menu label ^x',
  ' TEXT HELP',
  'endtext',
  'ENDTEXT ',
  '\n',
  '\r\n',
  '\r',
  ' ',
  '\t',
  '\0',
  '#c',
  '\ufeff',
  'é',
  'x'.repeat(5000),
);
const config = fc.array(fc.oneof(snippet, fc.string({ maxLength: 5 })), { maxLength: 30 }).map((parts) => parts.join(''));

describe('parse and serialize', () => {
  it('give back any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void expect(serialize(parse(bytes))).toEqual(bytes)));
  });

  it('give back the bytes of any text, with byte order marks, NULs and over-long lines', () => {
    const bytes = config.map((text) => new TextEncoder().encode(text));
    fc.assert(fc.property(bytes, (bytes) => void expect(serialize(parse(bytes))).toEqual(bytes)));
  });

  it('give back any string', () => {
    fc.assert(fc.property(fc.oneof(config, fc.string({ unit: 'binary' })), (text) => void expect(serialize(parse(text))).toBe(text)));
  });

  it('make nodes that put together are the text, each where it stands, on the line its number says', () => {
    fc.assert(
      fc.property(config, (text) => {
        const { nodes } = parse(text);
        expect(nodes.map(nodeText).join('')).toBe(text);
        for (const node of nodes) {
          const own = nodeText(node);
          expect(text.slice(node.offset, node.offset + own.length)).toBe(own);
          expect(node.line).toBe(text.slice(0, node.offset).split('\n').length);
        }
      }),
    );
  });
});
