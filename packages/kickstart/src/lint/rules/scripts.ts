import { has, type OptionUse, option, readSectionOptions, valueSpan } from '../../read-options.js';
import { inRange } from '../../releases/releases.js';
import type { Section } from '../../tree.js';
import type { LintContext, Rule } from '../rule.js';
import { type ShellScan, scanShell } from '../shell.js';
import { bodySpan } from './text.js';

const SHELLS = /^(?:\/usr)?\/bin\/(?:sh|bash|dash|ksh|ash)$/;

/** Interpreters that are part of every installer image or of a minimal system, with the releases that have them. */
const INTERPRETERS: readonly [RegExp, string][] = [
  [SHELLS, 'FC3-,RHEL3-'],
  [/^\/usr\/(?:bin|libexec)\/(?:platform-)?python3(?:\.\d+)?$/, 'F22-,RHEL8-'],
  [/^\/usr\/bin\/python2?(?:\.\d+)?$/, 'FC3-F30,RHEL3-RHEL7'],
  [/^\/usr\/bin\/perl$/, 'FC3-,RHEL3-'],
  [/^(?:\/usr)?\/bin\/(?:env|busybox|awk|gawk|sed)$/, 'FC3-,RHEL3-'],
];

/** A script with what its header says. */
interface Script {
  section: Section;
  /** Where its text begins and ends. */
  start: number;
  end: number;
  interpreter: OptionUse | undefined;
  nochroot: boolean;
  /** What a shell makes of it; missing for other languages and for templates, whose text is not what will run. */
  shell: ShellScan | undefined;
}

function scriptsOf({ document, text, sections }: LintContext): Script[] {
  const languages = document.templates.filter(({ kind }) => isLanguage(kind));
  return sections
    .filter(({ kind }) => kind === 'script')
    .map((section) => {
      const { start, end } = bodySpan(section);
      const header = readSectionOptions(section);
      const interpreter = option(header, '--interpreter');
      const isShell = interpreter?.value === undefined || SHELLS.test(interpreter.value);
      const opaque = languages.some((span) => span.start < section.end && span.end > section.start);
      const shell = isShell && !opaque ? scanShell(text, start, end) : undefined;
      return { section, start, end, interpreter, nochroot: has(header, '--nochroot'), shell };
    });
}

/** `${name}` and `@NAME@` are words of the shell as well; they do not change what is quoted. */
const isLanguage = (kind: string) => kind === 'braces' || kind === 'erb' || kind === 'cheetah';

const OPEN_NAMES = { "'": 'single quote', '"': 'double quote', '`': 'backquote', '$(': '$(', '${': '${', '$((': '$((' };

export const scriptRules: readonly Rule[] = [
  {
    code: 'ks/unclosed-here-document',
    severity: 'error',
    presets: ['recommended', 'unattended'],
    summary: 'A here-document of a script is not closed.',
    docs: 'The delimiter must stand alone on its line, without blanks before (tabs are allowed after `<<-`) or behind it. The rest of the script becomes part of the text.',
    example: '%post\ncat > /etc/motd <<EOF\nhello\n EOF\n%end\n',
    run(context) {
      for (const { section, shell } of context.once(scriptsOf)) {
        const open = shell?.hereDocuments.find(({ end }) => end === undefined);
        if (open === undefined || isCutByEnd(context, section, open.delimiter)) continue;
        context.report({ ...mark(open), message: `No line "${open.delimiter}" closes this here-document` });
      }
    },
  },
  {
    code: 'ks/end-in-here-document',
    severity: 'error',
    presets: ['recommended', 'unattended'],
    summary: 'A %end or a section header inside a here-document ends the section.',
    docs: 'The installer looks for `%end` and for section names at the beginning of every line, whatever the shell makes of it. Write the line with `printf`, or indent nothing and put a character before the `%` that a later command removes.',
    example: '%post\ncat > /root/ks.cfg <<EOF\n%packages\n%end\nEOF\n%end\n',
    run(context) {
      for (const { section, shell } of context.once(scriptsOf)) {
        const open = shell?.hereDocuments.find(({ end }) => end === undefined);
        if (open === undefined || !isCutByEnd(context, section, open.delimiter)) continue;
        const { text } = context;
        const at = section.close?.name ?? {
          start: section.end,
          end: section.end + /^\S*/.exec(text.slice(section.end, section.end + 40))![0].length,
        };
        context.report({
          start: at.start,
          end: at.end,
          message: `This ends the script in the middle of a here-document`,
          related: [{ ...mark(open), message: 'the here-document begins here' }],
        });
      }
    },
  },
  {
    code: 'ks/unclosed-shell-quote',
    severity: 'error',
    presets: ['recommended', 'unattended'],
    summary: 'A quote or substitution of a shell script is not closed.',
    docs: 'The shell stops with a syntax error; nothing of the script from there on runs.',
    example: '%post\necho "hello\n%end\n',
    run(context) {
      for (const { shell } of context.once(scriptsOf)) {
        const unclosed = shell?.unclosed;
        if (unclosed === undefined) continue;
        const { kind, at } = unclosed;
        context.report({
          start: at,
          end: at + kind.length,
          message: `This ${OPEN_NAMES[kind]} is not closed before the end of the script`,
        });
      }
    },
  },
  {
    code: 'ks/shebang-without-interpreter',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'A script begins with #! and another interpreter runs it.',
    docs: 'The installer runs scripts with `/bin/sh` or with what `--interpreter` names; a `#!` line is a comment.',
    example: '%post\n#!/usr/bin/python3\nprint("hello")\n%end\n',
    run(context) {
      for (const { start, end, interpreter } of context.once(scriptsOf)) {
        const found = /^[ \t]*(?:\r?\n[ \t]*)*#![ \t]*(\S+)(?:[ \t]+(\S+))?/.exec(context.text.slice(start, Math.min(end, start + 400)));
        if (!found) continue;
        const wanted = found[1]?.endsWith('/env') && found[2] ? found[2] : (found[1]?.split('/').at(-1) ?? '');
        const runs = (interpreter?.value ?? '/bin/sh').split('/').at(-1) ?? '';
        if (sameLanguage(wanted, runs)) continue;
        const at = start + found[0].indexOf('#!');
        context.report({
          start: at,
          end: start + found[0].length,
          message: `"${runs}" runs this script, not "${wanted}": the line is a comment`,
        });
      }
    },
  },
  {
    code: 'ks/interpreter',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'An interpreter that is not a path, or that the release does not have.',
    docs: 'The installer runs the interpreter by its path. `/usr/bin/python` is gone since RHEL 8 and Fedora 31; in `%pre` only what is in the installer image exists.',
    example: '%post --interpreter=python3\nprint("hello")\n%end\n',
    run(context) {
      for (const { section, interpreter: use, nochroot } of context.once(scriptsOf)) {
        if (use?.value === undefined || use.template) continue;
        const path = use.value;
        if (!path.startsWith('/')) {
          context.report({ ...valueSpan(use), message: `"${path}" is not a path` });
          continue;
        }
        const known = INTERPRETERS.find(([pattern]) => pattern.test(path));
        if (known === undefined) {
          if (section.name !== 'post' || nochroot) {
            context.report({ ...valueSpan(use), message: `"${path}" may not be in the installer image` });
          }
        } else if (!inRange(known[1], context.release ?? 'RHEL10')) {
          context.report({ ...valueSpan(use), message: `"${path}" does not exist on this release` });
        }
      }
    },
  },
  {
    code: 'ks/sysimage-in-chroot',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'A %post script writes below /mnt/sysimage, which is not there inside the installed system.',
    docs: '`%post` runs in the installed system. Leave `/mnt/sysimage` (or `/mnt/sysroot`) out, or add `--nochroot`.',
    example: '%post\necho hello > /mnt/sysimage/etc/motd\n%end\n',
    run(context) {
      for (const { section, start, end, nochroot } of context.once(scriptsOf)) {
        if (section.name !== 'post' || nochroot) continue;
        const place = findOutsideComments(context.text, '/mnt/sys', start, end);
        if (place === -1 || !/^\/mnt\/sys(?:image|root)\b/.test(context.text.slice(place, place + 14))) continue;
        context.report({
          start: place,
          end: place + '/mnt/sysimage'.length,
          message: 'This folder does not exist inside the installed system',
        });
      }
    },
  },
  {
    code: 'ks/pipe-to-shell',
    severity: 'warning',
    presets: ['security'],
    summary: 'A script runs what it downloads without looking at it.',
    docs: 'Whoever controls the server or the path to it controls the machine. Fetch a package with a signature, or compare a digest first.',
    example: '%post\ncurl -s http://example.com/setup.sh | bash\n%end\n',
    run(context) {
      for (const { start, end } of context.once(scriptsOf)) {
        for (let from = start; from < end; ) {
          const feed = context.text.indexOf('\n', from);
          const lineEnd = feed === -1 || feed > end ? end : feed;
          const line = context.text.slice(from, lineEnd);
          const pipe = /^\s*#/.test(line) ? -1 : line.search(/\|\s*(?:sudo\s+)?(?:\/(?:usr\/)?bin\/)?(?:ba|da|k)?sh\b/);
          if (pipe !== -1 && /\b(?:curl|wget)\b/.test(line.slice(0, pipe))) {
            const first = from + line.search(/\b(?:curl|wget)\b/);
            context.report({ start: first, end: from + line.trimEnd().length, message: 'Runs what it downloads, unseen' });
          }
          from = lineEnd + 1;
        }
      }
    },
  },
];

function mark({ start, delimiter }: { start: number; delimiter: string }) {
  return { start, end: start + 2 + delimiter.length };
}

/** The first place of a text on a line that is no comment. */
function findOutsideComments(text: string, wanted: string, start: number, end: number): number {
  let at = text.indexOf(wanted, start);
  while (at !== -1 && at < end) {
    const lineStart = text.lastIndexOf('\n', at) + 1;
    if (!/^[ \t]*#/.test(text.slice(lineStart, at))) return at;
    const lineEnd = text.indexOf('\n', at);
    at = lineEnd === -1 ? -1 : text.indexOf(wanted, lineEnd);
  }
  return -1;
}

/** Where each short line stands for the last time, blanks around it left out. */
function lastLinesOf({ text }: LintContext): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (let at = 0; at < text.length; ) {
    const feed = text.indexOf('\n', at);
    const end = feed === -1 ? text.length : feed;
    if (end - at < 80) lines.set(text.slice(at, end).trim(), at);
    at = end + 1;
  }
  return lines;
}

/** The delimiter comes later in the text, on a line of its own behind the one that ended the section. */
function isCutByEnd(context: LintContext, section: Section, delimiter: string): boolean {
  return (context.once(lastLinesOf).get(delimiter) ?? -1) > (section.close?.start ?? section.end);
}

function sameLanguage(wanted: string, runs: string): boolean {
  const family = (name: string) => name.replace(/[\d.]+$/, '').replace(/^platform-/, '');
  const shell = (name: string) => /^(?:ba|da|k|a)?sh$/.test(name);
  return family(wanted) === family(runs) || (shell(wanted) && shell(runs)) || runs === 'env';
}
