import { type Argument, argumentsOf } from '../../arguments.js';
import { lastOf, named, type Statement } from '../../outline.js';
import { anacondaArguments, guessInstaller } from '../installers.js';
import { directiveRange, type Finding, type LintContext, type Rule } from '../rule.js';

export const initrdComma: Rule = {
  code: 'pxelinux/initrd-comma',
  severity: 'error',
  engines: ['core', 'menu'],
  *check({ outline }) {
    for (const { value, valueOffset } of named(outline, 'APPEND')) {
      if (!value.includes(',initrd=')) continue;
      for (const word of argumentsOf(value)) {
        if (word.name === 'initrd') continue;
        const text = value.slice(word.start, word.end);
        const at = text.indexOf(',initrd=');
        if (at === -1) continue;
        const start = valueOffset + word.start + at;
        yield {
          start,
          end: start + ',initrd='.length,
          message: `The loader finds the initrd here, but ${word.name}= gets all of "${text}"`,
          fix: { title: 'Put a blank before "initrd="', edits: [{ start, end: start + 1, newText: ' ' }] },
        };
      }
    }
  },
};

export const initrdTwice: Rule = {
  code: 'pxelinux/initrd-twice',
  severity: 'warning',
  engines: ['core', 'menu'],
  *check({ outline }) {
    for (const initrd of named(outline, 'INITRD')) {
      const { label } = initrd;
      if (!label || lastOf(label, 'INITRD') !== initrd) continue;
      const append = lastOf(label, 'APPEND');
      const at = append?.value.indexOf('initrd=') ?? -1;
      if (!append || at === -1) continue;
      const start = append.valueOffset + at;
      yield {
        ...directiveRange(initrd),
        message: 'The loader takes the first initrd= of the line, which is the one in APPEND; this one is not loaded',
        related: [{ message: 'The one that is loaded', start, end: start + 'initrd='.length }],
      };
    }
  },
};

/** An APPEND is an installer's when it names a kickstart file or an install source. */
const INSTALLER_NAMES = new Set(['ks', 'inst.ks', 'method', 'inst.repo', 'inst.stage2', 'repo', 'stage2', 'ksdevice']);

/** Saves taking most APPEND lines apart. */
const MAY_INSTALL = /ks|method|repo|stage2/;

export const installerArgument: Rule = {
  code: 'pxelinux/installer-argument',
  severity: 'error',
  engines: ['core', 'menu'],
  *check(context) {
    for (const statement of named(context.outline, 'APPEND')) {
      if (!MAY_INSTALL.test(statement.value)) continue;
      const words = argumentsOf(statement.value, statement.valueOffset);
      if (!words.some(({ name }) => INSTALLER_NAMES.has(name))) continue;
      yield* checkArguments(context, statement, words);
    }
  },
};

/** Read by installers of some releases; the message when the release is not known. */
const AGES: Readonly<Record<string, string>> = {
  ks: 'ks= is read up to RHEL 8 and Fedora 33; later installers read inst.ks= only',
  method: 'method= is read up to RHEL 8 and Fedora 33; later installers read inst.repo= only',
};

function* checkArguments({ options, outline }: LintContext, statement: Statement, words: readonly Argument[]): Iterable<Finding> {
  const table = options.installerArguments ?? anacondaArguments;
  const boots = statement.label ?? outline.labels[0];
  const texts = [statement.value, ...(boots ? [boots.word, ...boots.body.map(({ value }) => value)] : [])];
  const installer = options.installer ?? texts.map(guessInstaller).find((found) => found !== undefined);
  for (const word of words) {
    const range = { start: word.start, end: word.end };
    if (word.value === undefined && word.name === 'ks') {
      yield {
        ...range,
        severity: 'info',
        message: 'A bare ks makes the installer ask DHCP for the kickstart file; write where it is if you know it',
      };
    }
    if (installer === undefined) {
      const age = word.value === undefined ? undefined : AGES[word.name];
      if (age !== undefined) yield { ...range, severity: 'info', message: age };
      continue;
    }
    const found = table(installer, word.name);
    if (!found || found.status === 'read') continue;
    const nameEnd = word.start + word.name.length;
    yield {
      ...range,
      severity: found.status === 'ignored' ? 'error' : 'info',
      message:
        found.status === 'ignored'
          ? `The installer of ${installer} does not read ${word.name}${found.instead ? `; it reads ${found.instead}` : ''}`
          : `${word.name} is deprecated in the installer of ${installer}${found.instead ? `; write ${found.instead}` : ''}`,
      ...(found.instead && {
        fix: { title: `Write ${found.instead}`, edits: [{ start: word.start, end: nameEnd, newText: found.instead }] },
      }),
    };
  }
}
