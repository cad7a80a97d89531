import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';

describe('pxekit', () => {
  it('prints its help and ends with 0', async () => {
    const { code, stdout } = await runCli(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: pxekit');
  });

  it('ends with 2 for an unknown command', async () => {
    const { code, stderr } = await runCli(['bogus']);
    expect(code).toBe(2);
    expect(stderr).toContain("unknown command 'bogus'");
  });
});
