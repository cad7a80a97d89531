import { type FormatOptions, format, parse, serialize } from '@pxekit/pxelinux';
import { describe, expect, it } from 'vitest';

const formatted = (text: string, options?: FormatOptions) => serialize(format(parse(text), options));

describe('format', () => {
  it('indents labels and submenus and writes directives in one case', () => {
    const text =
      'default  menu.c32\n\n\n\nlabel a\nmenu   label ^One\nkernel\tk\n# two\nmenu begin x\nLabel b\n\tKernel k\nmenu end\ntimeout 50 \n';
    expect(formatted(text)).toBe(
      'DEFAULT menu.c32\n\nLABEL a\n  MENU LABEL ^One\n  KERNEL k\n# two\nMENU BEGIN x\n  LABEL b\n    KERNEL k\nMENU END\nTIMEOUT 50\n',
    );
  });

  it('writes lower case, keeps the case, and indents by what is asked for', () => {
    expect(formatted('LABEL a\n Kernel K\n', { keywords: 'lower', indent: '\t' })).toBe('label a\n\tkernel K\n');
    expect(formatted('LABEL a\n Kernel K\n', { keywords: 'keep' })).toBe('LABEL a\n  Kernel K\n');
  });

  it('keeps blanks that count', () => {
    const text = 'SAY   hello  \nNOHALT  1\nLABEL a \n  APPEND x  y \n';
    expect(formatted(text)).toBe(text);
  });

  it('keeps help text as it is', () => {
    const text = 'LABEL a\n  TEXT HELP\n   as\t it  is\r\n\n\n  ENDTEXT\n';
    expect(formatted(text)).toBe(text);
  });

  it('takes the first line end for all', () => {
    expect(formatted('PROMPT 0\r\nTIMEOUT 50\n')).toBe('PROMPT 0\r\nTIMEOUT 50\r\n');
  });

  it('leaves unknown words and odd bytes alone', () => {
    expect(formatted('prompt\u00010\nmenuentry  x {\n')).toBe('prompt\u00010\nmenuentry  x {\n');
  });

  it('takes the line end from the first line that is not blank', () => {
    expect(serialize(format(parse('\n\rLABEL q\r\nLABEL\n')))).toBe('\rLABEL q\r\nLABEL\r\n');
  });
});
