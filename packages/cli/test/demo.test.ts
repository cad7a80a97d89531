import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';

describe('pxekit demo', () => {
  it('walks a whole network boot over real sockets and ends with 0', async () => {
    const { code, stdout, stderr } = await runCli(['demo', '--once', '--json']);
    expect(stderr).toBe('');
    const steps = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { number: number; stage: string; asked: string; answered: string; bytes: number });
    expect(steps.map(({ number }) => number)).toEqual(steps.map((_, index) => index + 1));
    expect(steps.map(({ stage }) => stage).filter((stage, index, all) => stage !== all[index - 1])).toEqual([
      'dhcp',
      'program',
      'configuration',
      'kernel',
      'installer',
      'kickstart',
    ]);
    expect(steps[0]).toMatchObject({
      asked: expect.stringContaining('DISCOVER'),
      answered: expect.stringMatching(/^OFFER 127\.77\.0\.10 .*pxelinux\.0/),
    });
    expect(steps.find(({ asked }) => asked.startsWith('boot program'))?.answered).toMatch(/blksize=1432 tsize=\d+/);
    expect(steps.filter(({ stage }) => stage === 'configuration').map(({ answered }) => answered)[0]).toBe('not found');
    expect(steps.find(({ asked }) => asked.startsWith('initrd'))?.bytes).toBe(1_048_576);
    expect(steps.at(-1)?.answered).toBe('200, parsed and linted: 0 errors, 0 warnings');
    expect(code).toBe(0);
  });
});
