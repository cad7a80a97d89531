import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Requirements {
  /** Programs looked for in PATH. */
  programs?: string[];
  /** Files or folders that must be there. */
  files?: string[];
  /** Whether network namespaces are made. */
  root?: boolean;
}

function isThere(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/**
 * What keeps this machine from running a test, or `undefined` when nothing does. The reason is printed, so that no
 * test is passed over in silence; with `PXEKIT_E2E=required`, as in CI, a missing requirement is an error instead.
 */
export function missing(test: string, { programs = [], files = [], root = true }: Requirements): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  const reasons = [
    ...(root && process.getuid?.() !== 0 ? ['network namespaces need root'] : []),
    ...programs
      .filter((name) => !folders.some((folder) => isThere(join(folder, name), constants.X_OK)))
      .map((name) => `no program "${name}"`),
    ...files.filter((file) => !isThere(file, constants.R_OK)).map((file) => `no file ${file}`),
  ];
  if (reasons.length === 0) return undefined;
  const reason = reasons.join(', ');
  if (process.env.PXEKIT_E2E === 'required') throw new Error(`${test} cannot run here: ${reason}`);
  console.warn(`skipped: ${test}: ${reason}`);
  return reason;
}
