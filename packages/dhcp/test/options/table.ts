import { readFileSync } from 'node:fs';
import { IPXE_SPACE, OPTIONS, type OptionTable, PXE_SPACE, RELAY_SPACE, STANDARD } from '@pxekit/dhcp';
import { CCC_SPACE, MOS_ADDRESS_SPACE, MOS_NAME_SPACE, NWIP_SPACE, SUBNET_SPACE } from '../../src/options/spaces.js';
import { CASES } from './cases.js';

const UNTYPED: Record<number, string> = { 0: 'Pad', 255: 'End' };

/** How many captured packets of this package carry each code. */
function packetsByCode(): Map<number, number> {
  const packets = JSON.parse(readFileSync(new URL('../../conformance/packets.json', import.meta.url), 'utf8')) as {
    tshark: { options: number[] };
  }[];
  const count = new Map<number, number>();
  for (const { tshark } of packets) for (const code of new Set(tshark.options)) count.set(code, (count.get(code) ?? 0) + 1);
  return count;
}

/** A row for every option code, codes without a type in ranges. */
export function optionsTable(): string {
  const packets = packetsByCode();
  const lines = ['| code | name | type | document | cases | packets |', '| ---: | --- | --- | --- | ---: | ---: |'];
  for (let code = 0; code < 256; code++) {
    const spec = STANDARD.byCode(code);
    if (spec) {
      const cases = CASES[spec.name]?.length ?? 0;
      lines.push(`| ${code} | \`${spec.name}\` | ${cell(spec.shape.name)} | ${spec.rfc} | ${cases} | ${packets.get(code) ?? 0} |`);
      continue;
    }
    const first = code;
    const kind = kindOf(first);
    while (code < 254 && !STANDARD.byCode(code + 1) && kindOf(code + 1) === kind) code++;
    lines.push(`| ${first === code ? first : `${first}–${code}`} | | ${kind} | ${first >= 224 && first < 255 ? 'RFC 3942' : ''} | | |`);
  }
  return lines.join('\n');
}

function kindOf(code: number): string {
  if (UNTYPED[code]) return UNTYPED[code];
  return code >= 224 ? 'octets (private use)' : 'octets (not assigned)';
}

const cell = (text: string) => `\`${text.replaceAll('|', '\\|')}\``;

/** A table of all sub-options. */
export function subOptionsTable(): string {
  const lines = ['| in | code | name | type | document |', '| ---: | ---: | --- | --- | --- |'];
  const spaces: [number, OptionTable][] = [
    [OPTIONS.vendorSpecific.code, PXE_SPACE.registry.table],
    [OPTIONS.nwipSuboptions.code, NWIP_SPACE.registry.table],
    [OPTIONS.relayAgentInformation.code, RELAY_SPACE.registry.table],
    [OPTIONS.ccc.code, CCC_SPACE.registry.table],
    [OPTIONS.mosAddress.code, MOS_ADDRESS_SPACE.registry.table],
    [OPTIONS.mosFqdn.code, MOS_NAME_SPACE.registry.table],
    [OPTIONS.ipxe.code, IPXE_SPACE.registry.table],
    [OPTIONS.subnetAllocation.code, SUBNET_SPACE.registry.table],
  ];
  for (const [option, table] of spaces) {
    for (const [name, { code, shape, rfc }] of Object.entries(table)) {
      lines.push(`| ${option} | ${code} | \`${name}\` | ${cell(shape.name)} | ${rfc} |`);
    }
  }
  return lines.join('\n');
}
