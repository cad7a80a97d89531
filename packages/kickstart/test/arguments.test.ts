import { type Command, parse, readArguments } from '@pxekit/kickstart';
import { describe, expect, it } from 'vitest';

function read(line: string, release = 'RHEL9') {
  const { options, positionals, extras, problems } = readArguments(parse(line).children[0] as Command, release);
  return {
    options: options.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`)),
    positionals: positionals.map((words) => words.map(({ value }) => value)),
    extras: extras.map(({ value }) => value),
    problems: problems.map(({ kind }) => kind),
  };
}

describe('readArguments', () => {
  it.each([
    ['part / --size=1 --grow', { options: ['--size=1', '--grow'], positionals: [['/']] }],
    ['part --size 1 /', { options: ['--size=1'], positionals: [['/']] }],
    ['part / --ondrive=sda --type=xfs', { options: ['--ondisk=sda', '--fstype=xfs'] }],
    ['part / --siz=1', { options: ['--size=1'], problems: [] }],
    ['part / --size -5', { options: ['--size=-5'], problems: [] }],
    ['part / --size', { problems: ['missing-value'] }],
    ['part / --size --grow', { options: ['--size', '--grow'], problems: ['missing-value'] }],
    ['part / --size=1_000', { problems: [] }],
    ['part / --size=0x10', { problems: ['invalid-value'] }],
    ['part / --frob x', { extras: ['--frob', 'x'] }],
    ['part -- --odd', { positionals: [['--odd']], extras: [] }],
    ['part', { problems: ['missing-argument'] }],
    ['bootloader "--append=a b" --location=MBR', { options: ['--append=a b', '--location=MBR'], problems: ['invalid-value'] }],
    ['keyboard us --vckeymap=x fr', { positionals: [['us']], extras: ['fr'] }],
    ['raid / a b --level=1 --device=x c', { positionals: [['/'], ['a', 'b']], extras: ['c'] }],
    ['raid / --level=1 --device=x a b', { positionals: [['/'], []], extras: ['a', 'b'] }],
    ['mount a / --reformat', { options: ['--reformat'], positionals: [['a'], ['/']], problems: [] }],
    ['mount --reformat=xfs a /', { options: ['--reformat=xfs'], positionals: [['a'], ['/']] }],
    ['network --onboot=maybe', { problems: ['invalid-value'] }],
    ['rootpw', { positionals: [[]], problems: [] }],
  ])('%j', (line, expected) => expect(read(line)).toMatchObject(expected));

  it('knows no options of a command that the release does not have', () => {
    expect(read('timesource --ntp-server=a', 'RHEL8')).toMatchObject({ options: [], extras: ['--ntp-server=a'] });
  });
});
