import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/commands.js';
import { runCli } from './run-cli.js';

describe('pxekit', () => {
  it('prints its help and ends with 0', async () => {
    const { code, stdout } = await runCli(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: pxekit');
  });

  it.each(Object.entries(COMMANDS))('names %s in its help, which then has options and examples of its own', async (name, { about }) => {
    const line = (text: string) => text.replace(/\s+/g, ' ');
    expect(line((await runCli(['--help'])).stdout)).toContain(` ${name} ${about}`);
    expect(line((await runCli([name, '--help'])).stdout)).toMatch(/^Usage: .*Examples?:|^Usage: .*Commands:/);
  });

  it.each(['help ks lint', 'ks help lint', 'ks lint --help'])('shows the help of the command with %s', async (line) => {
    const { code, stdout } = await runCli(line.split(' '));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: pxekit ks lint /);
  });

  it.each(['help nope', 'help ks nope', 'ks help nope'])('ends with 2 for %s', async (line) => {
    const { code, stdout, stderr } = await runCli(line.split(' '));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain("unknown command 'nope'");
  });

  it('shows all commands with help alone', async () => {
    expect((await runCli(['help'])).stdout).toMatch(/^Usage: pxekit .*\n.*Boot and install/s);
    expect((await runCli(['help', 'ks'])).stdout).toMatch(/^Usage: pxekit ks /);
  });

  it('ends with 2 for an unknown command', async () => {
    const { code, stderr } = await runCli(['bogus']);
    expect(code).toBe(2);
    expect(stderr).toContain("unknown command 'bogus'");
  });
});
