import { resolve as resolvePath } from 'node:path';
import type { Config } from '../config/schema.js';
import type { Core } from '../core.js';

export async function startTftp(
  _core: Core,
  _config: Exclude<Config['tftp'], false>,
): Promise<{ listens: string[]; stop(drain: number): Promise<void> }> {
  void resolvePath;
  throw new Error('later');
}
