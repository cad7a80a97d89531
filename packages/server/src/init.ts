import type { LocalAddress } from './address.js';
import { formatIpv4, network, parseIpv4 } from './ipv4.js';

export interface InitOptions {
  local: LocalAddress;
  /** Default gateway, where it is known. */
  router?: string | undefined;
  /** Name servers, where they are known. */
  dns?: readonly string[];
}

/** The text of a commented `pxekit.yaml` for a network card. The pool is the last quarter of the network, at most 200 addresses, without the gateway. */
export function initialConfig({ local, router, dns = [] }: InitOptions): string {
  const net = network(parseIpv4(local.address) as number, local.prefix);
  const size = net.last - net.first + 1;
  const last = net.last - 1;
  const first = Math.max(net.first + 1, last - Math.min(200, Math.floor(size / 4)) + 1);
  const gateway = router ?? local.address;
  const pools = without({ first, last }, [parseIpv4(gateway), parseIpv4(local.address)]);
  return `# Configuration of pxekit. \`pxekit check\` looks at it without opening a port; docs/server.md names every key.
# yaml-language-server: $schema=./pxekit.schema.json   (written by \`pxekit schema > pxekit.schema.json\`)

# The network card that machines boot from; its address ${local.address} is the address of this server.
interface: ${local.interface}

# Everything that happens, one JSON object a line.
events: events.jsonl

# The user to be once the ports are open. Files below must be readable for that user.
# user: nobody

# Machines that are not named below: allow (they get the menu), deny (no answer) or discover (noted; they boot their disk).
unknown: discover

dhcp:
  # There is another DHCP server on this network? \`proxy\` leaves addresses to it and adds the boot answer.
  # mode: proxy
  subnets:
    - subnet: ${formatIpv4(net.first)}/${net.prefix}
      pools: [${pools.map((pool) => `${formatIpv4(pool.first)}-${formatIpv4(pool.last)}`).join(', ')}]
      routers: [${gateway}]${router === undefined ? '   # this server; correct it when there is another gateway' : ''}
${dns.length > 0 ? `      dns: [${dns.join(', ')}]\n` : '      # dns: [192.0.2.53]\n'}
# Boot programs come from installed packages (Debian: pxelinux, syslinux-common, shim-signed, grub-efi-amd64-signed).
# A folder with further files, or with your own:
# tftp: { root: ./tftp }

# Install trees: the copied content of an installation DVD.
images: {}
#  rocky9:
#    folder: /srv/images/rocky9

# What to install: an image and a kickstart template (LiquidJS).
profiles: {}
#  web:
#    image: rocky9
#    kickstart: web.ks.liquid
#    variables: { timezone: Etc/UTC }

# Machines. Each installs once, then boots its disk until \`pxekit arm NAME\`.
machines: []
#  - name: web1
#    mac: 52:54:00:12:34:56
#    profile: web
`;
}

interface Range {
  first: number;
  last: number;
}

/** A range of addresses without some of them. */
function without(range: Range, taken: readonly (number | undefined)[]): Range[] {
  let ranges = [range];
  for (const address of taken) {
    if (address === undefined) continue;
    ranges = ranges.flatMap(({ first, last }) =>
      address < first || address > last
        ? [{ first, last }]
        : [
            { first, last: address - 1 },
            { first: address + 1, last },
          ].filter((each) => each.first <= each.last),
    );
  }
  return ranges;
}
