import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { check, parse, type Release } from '@pxekit/kickstart';
import { describe, expect, test } from 'vitest';
import { folder } from './vectors.js';

/** Every option of every command with every kind of value, judged by the recorded timeline of the language alone. */
const timeline = resolve(folder, '../../facts/kickstart/commands-timeline.json');

interface OptionRow {
  n: string | string[];
  t?: string;
  in: string;
  dep?: string;
  nargs?: string;
  choices?: string[];
}

interface CommandRow {
  active?: string;
  args?: Record<string, string>;
  options?: OptionRow[];
}

const RELEASES: Release[] = ['FC3', 'F12', 'F20', 'F33', 'F45', 'RHEL5', 'RHEL6', 'RHEL7', 'RHEL8', 'RHEL9', 'RHEL10', 'RHEL11'];

function split(release: string): [string, number] {
  const [, family = '', number] = /^(RHEL|F)C?(\d+)$/.exec(release) ?? [];
  return [family, Number(number)];
}

/** `F9- RHEL5-RHEL7`. */
function within(ranges: string | undefined, release: string): boolean {
  const [family, number] = split(release);
  return (ranges?.split(' ') ?? []).some((range) => {
    const [from = '', to] = range.split('-');
    const [itsFamily, first] = split(from);
    const last = to === undefined ? first : to === '' ? Number.POSITIVE_INFINITY : split(to)[1];
    return family === itsFamily && number >= first && number <= last;
  });
}

/** Words after the command, a code, and whether `check` is to give it. */
function expectations({ n, t = 'flag', nargs, choices }: OptionRow): [words: string, code: string, wanted: boolean][] {
  const name = [n].flat()[0];
  const unknown: [string, string, boolean] = [`${name}zzz`, 'ks/unknown-option', true];
  const known: [string, string, boolean] = [`${name}=x`, 'ks/unknown-option', false];
  if (t === 'flag') return [unknown, known, [`${name}=x`, 'ks/unexpected-value', true], [`${name}`, 'ks/unexpected-value', false]];
  const rows: [string, string, boolean][] = [
    unknown,
    known,
    [`${name}`, 'ks/missing-value', nargs !== '?'],
    [`${name}=`, 'ks/missing-value', false],
    [`${name} x`, 'ks/missing-value', false],
  ];
  if (t === 'int' || t === 'bool' || t === 'enum') rows.push([`${name}=zzz`, 'ks/invalid-value', true]);
  if (t === 'int') rows.push([`${name}=`, 'ks/invalid-value', true]);
  if (t === 'enum') rows.push([`${name}=${choices?.at(-1)}`, 'ks/invalid-value', false]);
  return rows;
}

describe.skipIf(!existsSync(timeline))('options by the timeline of the language', () => {
  const { commands } = existsSync(timeline)
    ? (JSON.parse(readFileSync(timeline, 'utf8')) as { commands: Record<string, CommandRow> })
    : { commands: {} };

  test.each(RELEASES)('%s', (release) => {
    const wrong: string[] = [];
    let count = 0;
    for (const [command, { active, args = {}, options = [] }] of Object.entries(commands)) {
      // realm is read by getopt; other rows do not look at options at all.
      if (command === 'realm' || !within(active, release) || Object.values(args).some((range) => within(range, release))) continue;
      for (const option of options) {
        if (!within(option.in, release) || within(option.dep, release)) continue;
        for (const [words, code, wanted] of expectations(option)) {
          count++;
          const line = `${command} ${words}`;
          const found = check(parse(`${line}\n`), { release }).some((diagnostic) => diagnostic.code === code);
          if (found !== wanted) wrong.push(`${line}: ${code} ${wanted ? 'expected' : 'not expected'}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(100);
  });
});
