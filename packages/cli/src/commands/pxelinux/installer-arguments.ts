import { checkKernelArguments, findKernelArgument, resolveRelease } from '@pxekit/kickstart';
import type { InstallerArguments } from '@pxekit/pxelinux';

/** What the installers of Fedora and Red Hat read, by the tables of `@pxekit/kickstart`. */
export const installerArguments: InstallerArguments = (installer, name) => {
  const release = resolveRelease(installer);
  if (release === undefined) return undefined;
  // Only the name is asked about; with a value none is found missing.
  const [problem] = checkKernelArguments(`${name}=x`, release);
  if (!problem) return findKernelArgument(name) && { status: 'read' };
  const status = problem.code === 'ks/old-kernel-argument' ? 'deprecated' : 'ignored';
  return { status, ...(problem.edit && { instead: problem.edit.newText }) };
};
