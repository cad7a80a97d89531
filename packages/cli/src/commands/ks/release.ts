import { RELEASES, type Release, resolveRelease } from '@pxekit/kickstart';
import { Failure } from '../../failure.js';

/**
 * The release that an option or argument names: `RHEL9`, `rocky9`, `F40`.
 *
 * @throws {Failure} `CLI_USAGE` for other names
 */
export function namedRelease(name: string): Release {
  const release = resolveRelease(name);
  if (release !== undefined) return release;
  const hint = `Known are RHEL3 to RHEL11, ${RELEASES[0]} to F45 and the rebuilds of RHEL.`;
  throw new Failure(`${name} is not a release`, { code: 'CLI_USAGE', exitCode: 2, hint });
}
