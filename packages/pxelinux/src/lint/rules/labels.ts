import { named } from '../../outline.js';
import { directiveRange, type Rule, valueRange } from '../rule.js';

export const labelBlank: Rule = {
  code: 'pxelinux/label-blank',
  severity: 'info',
  engines: ['core', 'menu'],
  *check({ outline }) {
    for (const { statement, name, word } of outline.labels) {
      if (name === word) continue;
      const { trailing } = statement.node;
      if (statement.value === word) {
        const start = statement.valueOffset + word.length;
        yield {
          start: statement.valueOffset,
          end: start + trailing.length,
          severity: 'warning',
          message: `The menu keeps the blank after "${word}", so DEFAULT ${word} does not find this label there`,
          fix: { title: 'Remove the blank', edits: [{ start, end: start + trailing.length, newText: '' }] },
        };
        continue;
      }
      yield {
        ...valueRange(statement),
        message: `The core calls this label "${word}" and the menu "${name}"; DEFAULT cannot name it. Put the text in MENU LABEL`,
      };
    }
  },
};

export const defaultReplacesMenu: Rule = {
  code: 'pxelinux/default-replaces-menu',
  severity: 'warning',
  engines: ['core'],
  *check({ outline }) {
    if (named(outline, 'UI').length > 0) return;
    const defaults = named(outline, 'DEFAULT');
    const last = defaults.at(-1);
    const menu = defaults.findLast(({ value }) => /(^|\/)(vesa)?menu\.c32( |$)/i.test(value));
    if (!last || !menu || last === menu) return;
    const { start } = menu;
    const { keyword } = menu.node;
    yield {
      ...directiveRange(last),
      message: 'Without a UI line the last DEFAULT counts: this one boots at once and the menu never shows',
      related: [{ message: 'The menu that is replaced', ...directiveRange(menu) }],
      fix: {
        title: 'Write UI for the menu',
        edits: [{ start, end: start + keyword.length, newText: keyword === 'default' ? 'ui' : 'UI' }],
      },
    };
  },
};

export const globalAppendLate: Rule = {
  code: 'pxelinux/global-append-late',
  severity: 'warning',
  engines: ['core', 'menu'],
  *check({ outline }) {
    const first = outline.labels[0];
    if (!first) return;
    for (const name of ['APPEND', 'SYSAPPEND', 'IPAPPEND']) {
      for (const statement of named(outline, name)) {
        if (statement.label || statement.start < first.statement.start) continue;
        yield {
          ...directiveRange(statement),
          message: `This ${name} belongs to no label any more: it is global, and only for the labels after it`,
        };
      }
    }
  },
};
