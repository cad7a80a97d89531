import { get } from '@pxekit/dhcp';
import { countBySeverity } from '@pxekit/diagnostics';
import { checkKickstart } from '../check.js';
import type { Exchange } from './exchange.js';
import { SimulationError, type Walking } from './step.js';

export interface InstallerOptions {
  /** Kernel arguments. */
  arguments: string;
  /** Address of the boot ROM. */
  address: string | undefined;
  /** Release that the kickstart is checked for. */
  release: string | undefined;
}

/** What the installer does: its own DHCP, then the kickstart that the kernel line names, which is the result. */
export async function* runInstaller(
  exchange: Exchange,
  { arguments: args, address, release }: InstallerOptions,
): Walking<string | undefined> {
  const url = argument(args, 'inst.ks', 'ks');
  if (url === undefined) return undefined;
  yield* askAgain(exchange, address);
  const { network, steps } = exchange;
  if (!/^https?:\/\//.test(url)) {
    const answered = 'not fetched: only HTTP is simulated';
    yield steps.make({ stage: 'kickstart', asked: `kickstart ${url}`, answered, bytes: 0, warnings: [`${url} was not looked at`] });
    return undefined;
  }
  const got = await network.http(url, 'GET');
  const kickstart = new TextDecoder().decode(got.data);
  if (got.status !== 200) throw new SimulationError('kickstart', `HTTP GET ${url} gave ${got.status}: ${kickstart.trim().split('\n')[0]}`);
  const findings = checkKickstart(kickstart, url, release);
  const { error, warning } = countBySeverity(findings);
  const told = findings.filter(({ severity }) => severity !== 'info');
  yield steps.make({
    stage: 'kickstart',
    asked: `kickstart HTTP GET ${url}`,
    answered: `${got.status}, parsed and linted: ${error} errors, ${warning} warnings`,
    bytes: got.data.length,
    warnings: told.map(({ code, message, range }) => `${code} line ${range.start.line}: ${message}`),
  });
  const first = findings.find(({ severity }) => severity === 'error');
  if (first)
    throw new SimulationError('kickstart', `the kickstart has ${error} errors: ${first.message}`, '`pxekit check` shows all of them.');
  return kickstart;
}

/** DISCOVER and REQUEST without the marks of a boot ROM: the address must stay the same. */
async function* askAgain({ network, machine, steps, random }: Exchange, address: string | undefined): Walking<void> {
  const xid = random() >>> 0;
  const offered = await network.dhcp(machine.installerMessage(1, xid), { to: 'broadcast' });
  const offer = offered?.reply;
  if (!offer || offer.yiaddr === '0.0.0.0') return;
  const taken = { requestedAddress: offer.yiaddr, serverIdentifier: get(offer, 'serverIdentifier') ?? offered.from };
  const acked = await network.dhcp(machine.installerMessage(3, xid, taken), { to: 'broadcast' });
  const got = acked?.reply.yiaddr;
  const same = got === address;
  yield steps.make({
    stage: 'installer',
    asked: "the installer's own DISCOVER and REQUEST, without the marks of a boot ROM",
    answered: `ACK ${got ?? 'missing'}${same ? ', the same address as the boot ROM' : ''}`,
    bytes: offered.received + (acked?.received ?? 0),
    warnings: same ? [] : [`the installer gets ${got ?? 'no address'}, the boot ROM had ${address}`],
  });
}

/** The value of the last `name=` among kernel arguments, for the first of the names that is there. */
function argument(text: string, ...names: string[]): string | undefined {
  const words = text.split(/\s+/);
  for (const name of names) {
    const found = words.findLast((word) => word.startsWith(`${name}=`));
    if (found !== undefined) return found.slice(name.length + 1);
  }
  return undefined;
}
