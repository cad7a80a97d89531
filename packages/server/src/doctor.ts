import { checkSite } from './check.js';
import { type LoadedConfig, loadConfig } from './config/load.js';
import { checkImages, checkLoaders } from './doctor/boot-files.js';
import { type DoctorItem, fail, ok, warn } from './doctor/item.js';
import { checkAddresses, checkNetwork } from './doctor/network.js';
import { checkNfs } from './doctor/nfs.js';
import { checkOtherServers } from './doctor/other-servers.js';
import { checkPorts } from './doctor/ports.js';
import { checkFirewall, checkPermissions, checkSelinux } from './doctor/protection.js';
import { checkRunning } from './doctor/running.js';
import { localSite } from './offline.js';

export type { DoctorItem };

export interface DoctorOptions {
  /** Milliseconds to listen for other DHCP servers; 0 leaves that out. Default: 2000. */
  listen?: number;
}

/**
 * Looks at everything that commonly keeps a machine from booting, one item after another, with the cause and the fix.
 * It changes nothing. With a server running it fetches that server's files through real sockets.
 */
export async function* doctor(file: string, { listen = 2000 }: DoctorOptions = {}): AsyncGenerator<DoctorItem> {
  yield checkNode();
  const { findings } = await checkSite(file);
  const [errors, warnings] = ['error', 'warning'].map((severity) => findings.filter((each) => each.severity === severity)) as [
    typeof findings,
    typeof findings,
  ];
  const first = errors[0] ?? warnings[0];
  if (errors.length > 0)
    yield fail(
      'configuration',
      `${errors.length} errors; the first: ${first?.message}`,
      '`pxekit check` shows all of them with their lines.',
    );
  else if (warnings.length > 0)
    yield warn(
      'configuration',
      `${warnings.length} warnings; the first: ${first?.message}`,
      '`pxekit check` shows all of them with their lines.',
    );
  else yield ok('configuration', 'the configuration and every kickstart are in order');
  let loaded: LoadedConfig;
  try {
    loaded = loadConfig(file);
  } catch {
    return;
  }
  const site = localSite(loaded);
  yield* checkNetwork(loaded, site);
  yield* checkPorts(site);
  yield* checkFirewall();
  yield* checkSelinux(loaded, site);
  yield* checkLoaders(site);
  yield* checkImages(site);
  yield* checkPermissions(site);
  yield* checkRunning(site);
  yield* checkAddresses(loaded, site);
  yield* checkNfs(site);
  if (listen > 0) yield await checkOtherServers(site, listen);
}

function checkNode(): DoctorItem {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 19)
    ? ok('node', `Node.js ${process.versions.node}`)
    : fail('node', `Node.js ${process.versions.node} is too old`, 'Install Node.js 20.19 or later.');
}
