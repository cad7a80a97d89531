import type { Config } from '../config/schema.js';
import type { Core } from '../core.js';
import type { Site } from '../site.js';

export async function startDhcp(
  _core: Core,
  _config: Exclude<Config['dhcp'], false>,
  _leases: string,
): Promise<{ listens: string[]; stop(): Promise<void>; reload(site: Site): Promise<void> }> {
  throw new Error('later');
}
