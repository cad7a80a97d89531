import { type Engine, evaluate, modelToJson, parse } from '@pxekit/pxelinux';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const word = fc.constantFrom(
  ...'LABEL,KERNEL,APPEND,INITRD,MENU,BEGIN,END,SEPARATOR,GOTO,EXIT,HIDE,DEFAULT,UI,TEXT,HELP,ENDTEXT,INCLUDE,f,F1,F0,COLOR'.split(','),
  ...'title,MSGCOLOR,#fff,*,INDENT,-5,99999999999999999999,TIMEOUT,SERIAL,0x10,SAY,NOHALT,HIDDENKEY,^X,^,IPAPPEND,ONTIMEOUT,a,b'.split(','),
);
const gap = fc.constantFrom(' ', '\t', '  ', '\n', '\n', '\r\n', '\0', '\u00a0');
const config = fc.array(fc.tuple(word, gap), { maxLength: 60 }).map((parts) => parts.flat().join(''));
const engine = fc.constantFrom<Engine[]>('menu', 'core', 'uboot');

describe('evaluate', () => {
  it('gives a model of every input, with defaults and submenus that are there', () => {
    fc.assert(
      fc.property(fc.oneof(config, fc.string({ unit: 'binary' })), engine, (text, engine) => {
        const model = evaluate(parse(text), { engine, include: (path) => (path.length > 1 ? text : undefined) });
        if (model.engine === 'u-boot') return;
        for (const { entries, parent } of model.menus) {
          expect(parent).toBeLessThan(model.menus.length);
          for (const { submenu, action } of entries) {
            if (submenu !== undefined) expect(model.menus[submenu]).toBeDefined();
            else expect(['submenu', 'goto', 'exit']).not.toContain(action);
          }
        }
        expect(model.menus[model.startMenu]).toBeDefined();
      }),
    );
  });

  it('sees the same in bytes and in the string they encode', () => {
    fc.assert(
      fc.property(config, engine, (text, engine) => {
        const bytes = new TextEncoder().encode(text);
        expect(modelToJson(evaluate(parse(bytes), { engine }))).toEqual(modelToJson(evaluate(parse(text), { engine })));
      }),
    );
  });

  it('sees no difference in the case of keywords and in comment lines', () => {
    const name = fc.constantFrom('label a', 'kernel k', 'append x', 'menu label ^y', 'timeout 50', 'ui menu.c32', 'menu begin', 'menu end');
    fc.assert(
      fc.property(fc.array(name), (lines) => {
        const plain = evaluate(parse(`${lines.join('\n')}\n`), { engine: 'menu' });
        const loud = lines.map((line) => `# c\n  ${line.replace(/^[a-z]+( label| begin| end)?/, (words) => words.toUpperCase())}`);
        expect(modelToJson(evaluate(parse(`${loud.join('\n')}\n`), { engine: 'menu' }))).toEqual(modelToJson(plain));
      }),
    );
  });
});
