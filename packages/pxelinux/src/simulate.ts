import { toByteString } from './evaluate/text.js';
import { latin1FromBytes } from './lines.js';
import type { AsyncTree, ReadableTree } from './paths.js';
import type { BootClient } from './search.js';
import type { BootSimulation, SimulateOptions } from './simulate/outcome.js';
import { PxelinuxRun } from './simulate/pxelinux.js';
import type { Steps } from './simulate/run.js';
import { UbootRun } from './simulate/uboot.js';

/**
 * Which files a client asks for, and what would finally boot.
 *
 * Follows the search order, CONFIG, menu.c32 and vesamenu.c32, implicit kernels and the extensions tried for them. Files on
 * other servers count as found. Configurations that lead to each other without end stop at a prompt after 16 rounds.
 */
export function simulateBoot(client: BootClient, tree: ReadableTree, options: SimulateOptions = {}): BootSimulation {
  const steps = start(client, options);
  let step = steps.next();
  while (!step.done) {
    const { path, content } = step.value;
    step = steps.next(content ? toText(tree.read(path)) : tree.has(path) ? '' : undefined);
  }
  return step.value;
}

/** {@link simulateBoot} on a tree that answers later. */
export async function simulateBootAsync(client: BootClient, tree: AsyncTree, options: SimulateOptions = {}): Promise<BootSimulation> {
  const steps = start(client, options);
  let step = steps.next();
  while (!step.done) {
    const { path, content } = step.value;
    step = steps.next(content ? toText(await tree.read(path)) : (await tree.has(path)) ? '' : undefined);
  }
  return step.value;
}

function toText(content: string | Uint8Array | undefined): string | undefined {
  if (content === undefined) return undefined;
  return typeof content === 'string' ? toByteString(content) : latin1FromBytes(content);
}

function start(client: BootClient, options: SimulateOptions): Steps<BootSimulation> {
  return options.loader === 'uboot' ? new UbootRun(client, options).run() : new PxelinuxRun(client, options).run();
}
