import { applyEdits } from '@pxekit/diagnostics';
import {
  checkKernelArguments,
  findKernelArgument,
  installerArguments,
  KERNEL_ARGUMENTS,
  kernelArgumentName,
  kernelArguments,
  RELEASES,
} from '@pxekit/kickstart';
import { describe, expect, test } from 'vitest';

describe('kernel arguments', () => {
  test('have the name that the installer of the release reads', () => {
    expect(kernelArgumentName('inst.ks', 'RHEL6')).toBe('ks');
    expect(kernelArgumentName('ks', 'RHEL9')).toBe('inst.ks');
    expect(kernelArgumentName('method', 'RHEL7')).toBe('inst.repo');
    expect(kernelArgumentName('askmethod', 'RHEL9')).toBeUndefined();
    expect(findKernelArgument('quiet')).toBeUndefined();
  });

  test('start an installation under the names of the release', () => {
    const settings = { ks: 'http://srv/ks.cfg', repo: 'http://srv/os', 'ks.sendmac': true };
    expect(installerArguments(settings, 'RHEL9')).toEqual(['inst.ks=http://srv/ks.cfg', 'inst.repo=http://srv/os', 'inst.ks.sendmac']);
    expect(installerArguments(settings, 'RHEL6')).toEqual(['ks=http://srv/ks.cfg', 'repo=http://srv/os', 'kssendmac']);
  });

  test('are reported where the installer does not read them, with the name it reads', () => {
    const line = 'initrd=initrd.img ks=http://srv/ks.cfg ksdevice=bootif quiet';
    const problems = checkKernelArguments(line, 'RHEL9');
    expect(problems.map(({ code }) => code)).toEqual(['ks/unread-kernel-argument', 'ks/unread-kernel-argument']);
    expect(problems[1]?.message).toContain('bootdev');
    expect(applyEdits(line, problems[0]?.edit ? [problems[0].edit] : [])).toContain(' inst.ks=http');
    expect(checkKernelArguments(line, 'RHEL6')).toEqual([]);
    expect(checkKernelArguments('inst.ks=http://srv/ks.cfg', 'RHEL6')[0]?.code).toBe('ks/unread-kernel-argument');
  });

  test('are reported under an old name that still works', () => {
    expect(checkKernelArguments('ks=cdrom', 'RHEL8')[0]).toMatchObject({ code: 'ks/old-kernel-argument', severity: 'warning' });
  });

  test('need their values', () => {
    expect(checkKernelArguments('inst.repo', 'RHEL9')[0]?.code).toBe('ks/missing-kernel-argument-value');
    expect(checkKernelArguments('inst.ks', 'RHEL9')).toEqual([]);
  });

  test('of every release have names of their own and a known replacement', () => {
    for (const release of RELEASES) {
      const names = kernelArguments(release).flatMap((row) => row.names);
      expect(new Set(names).size).toBe(names.length);
    }
    const dracut = ['modprobe.blacklist', 'ipv6.disable', 'console'];
    for (const { replacedBy } of KERNEL_ARGUMENTS) {
      if (replacedBy !== undefined && !dracut.includes(replacedBy)) expect(findKernelArgument(replacedBy)).toBeDefined();
    }
  });
});
