import type { ServerEvent } from '../events.js';

/** What to do about a problem, by what the event says. */
export function fixFor(event: ServerEvent): string | undefined {
  if (typeof event.hint === 'string') return event.hint;
  const reason = String(event.reason ?? '');
  if (event.type === 'dhcp.ignored')
    return IGNORED[reason] ?? (reason.includes('`unknown`') ? 'Add the machine to `machines`, or set `unknown: allow`.' : undefined);
  return BY_TYPE[event.type];
}

const IGNORED: Record<string, string> = {
  'no-subnet': 'Add the network the request came from to `dhcp.subnets`.',
  'no-free-address': 'Make a pool larger, or shorten `leaseTime`.',
  'no-boot-answer': 'There is no boot program for this architecture: see `loaders`, and `pxekit explain MAC --arch ARCH`.',
  'unknown-lease': 'The client wants an address of another server; it will ask anew.',
  'other-server': 'The client chose another DHCP server: is there a second one on this network?',
};

const BY_TYPE: Record<string, string> = {
  'http.error': 'Correct the template or the path; `pxekit check` renders every kickstart.',
  'tftp.refused': 'The name leads out of the tree, or the file may not be read: check permissions and links.',
  'tftp.failed': 'The client stopped answering: cable, firewall, or a block size its network does not carry (`tftp.maxBlockSize: 1408`).',
  'tftp.malformed': 'Something that is no TFTP client sends to the port.',
  'dhcp.malformed': 'Something that is no DHCP client sends to the port.',
  'http.malformed': 'Something that is no HTTP client sends to the port.',
  'callhome.refused': 'An old or wrong secret: the machine was armed again since it fetched its kickstart.',
  'dhcp.decline': 'Another device uses this address: take it out of the pool.',
  'server.reload-failed': 'Correct the file; the old configuration stays in force.',
};

/** Events that need a look, latest first. */
export function problemsOf(history: readonly ServerEvent[], limit = 10): { event: ServerEvent; fix: string | undefined }[] {
  return history
    .filter(({ level, type }) => level !== 'info' && type !== 'http.request')
    .slice(-limit)
    .reverse()
    .map((event) => ({ event, fix: fixFor(event) }));
}
