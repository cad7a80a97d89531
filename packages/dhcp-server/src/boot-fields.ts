import { type BootAnswer, lookUpBoot } from './boot.js';
import type { RespondContext } from './decision.js';
import type { RequestFacts } from './facts.js';
import { formatIpv4, type Ipv4, parseIpv4 } from './ipv4.js';
import { compileOptions } from './options.js';
import type { Plan } from './plan.js';
import { BOOT_FILE_AT_ONCE, menuOption, RASPBERRY_PI } from './pxe.js';
import { ascii } from './reply.js';
import type { Situation } from './situation.js';
import type { Trace } from './trace.js';

/** What a boot answer puts into a reply. */
export interface BootFields {
  siaddr: string;
  sname: string;
  file: string;
  /** Sent whether asked for or not. */
  always: Map<number, Uint8Array>;
}

/** The boot answer for this request: handler, hook, then host, class, subnet and general table. */
export function findBootAnswer(
  facts: RequestFacts,
  situation: Situation,
  context: RespondContext,
  trace: Trace | undefined,
): BootAnswer | undefined {
  const { subnet, host, classes } = situation;
  const { directive, plan } = context;
  const answer = found();
  if (answer === undefined) return undefined;
  if (facts.isHttpBoot && !/^https?:\/\//.test(answer.filename ?? '')) {
    trace?.add('boot/not-a-url', `UEFI HTTP boot takes a URL, not "${answer.filename ?? ''}"`);
    return undefined;
  }
  return answer;

  function found(): BootAnswer | undefined {
    const decided = directive?.boot !== undefined ? directive.boot : context.boot;
    if (decided !== undefined) {
      trace?.add(directive?.boot !== undefined ? 'boot/handler' : 'boot/hook', decided === null ? 'nothing' : describe(decided));
      return decided ?? undefined;
    }
    const kind = facts.bootKind ?? (asksForBootFile(facts) ? 'other' : undefined);
    if (kind === undefined) return undefined;
    const row = lookUpBoot(kind, [host?.boot, ...classes.map((each) => each.boot), subnet.boot, plan.boot]);
    trace?.add('boot/table', `${kind}: ${row === undefined ? 'nothing' : describe(row)}`);
    return row;
  }
}

/** BOOTP clients, and loaders that do their own DHCP without saying what they are (syslinux.efi). */
function asksForBootFile(facts: RequestFacts): boolean {
  return facts.type === 0 || facts.parameterList?.includes(67) === true;
}

function describe(answer: BootAnswer): string {
  return answer.menu === undefined ? (answer.filename ?? 'options only') : `a menu of ${answer.menu.items.length}`;
}

/** Where boot file and server stand, by the policy of the configuration. */
export function bootFields(facts: RequestFacts, answer: BootAnswer, plan: Plan, defaultServer: Ipv4): BootFields {
  const always = new Map<number, Uint8Array>();
  const siaddr = answer.nextServer ?? formatIpv4(defaultServer);
  const filename = answer.filename ?? '';
  const serverName = answer.serverName ?? (facts.isHttpBoot ? '' : siaddr);
  // The field holds 127 characters and its NUL; a long URL goes into the option only.
  const inHeader = plan.bootFields !== 'options' && filename.length < 128;
  const nul = plan.nulTerminate;
  if (filename !== '' && (plan.bootFields !== 'header' || !inHeader)) always.set(67, ascii(nul === 'none' ? filename : `${filename}\0`));
  if (serverName !== '' && plan.bootFields !== 'header') always.set(66, ascii(nul === 'both' ? `${serverName}\0` : serverName));

  if (facts.isHttpBoot) always.set(60, ascii('HTTPClient'));
  else if (facts.isPxe && facts.bootKind === 'raspberry-pi') {
    always.set(60, ascii('PXEClient'));
    always.set(43, RASPBERRY_PI);
  } else if (facts.isPxe && answer.menu !== undefined) {
    always.set(60, ascii('PXEClient'));
    always.set(43, menuOption(answer.menu, parseIpv4(siaddr) ?? defaultServer));
  } else if (facts.isPxe && filename !== '') {
    always.set(60, ascii('PXEClient'));
    always.set(43, BOOT_FILE_AT_ONCE);
  }
  for (const [code, data] of compileOptions(answer.options, 'boot.options'))
    if (data === null) always.delete(code);
    else always.set(code, data);
  return {
    siaddr,
    sname: plan.bootFields === 'options' || answer.serverName === undefined || answer.serverName.length > 63 ? '' : answer.serverName,
    file: inHeader ? filename : '',
    always,
  };
}
