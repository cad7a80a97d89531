import type { ConfigInput } from '../config/schema.js';
import { contains, formatIpv4, network, parseIpv4, prefixOfMask } from '../ipv4.js';
import { Draft, type Machine, type Scope, type Subnet } from './dhcpd-draft.js';
import { NOT_SUPPORTED } from './dhcpd-left-out.js';
import { type DhcpdStatement, parseDhcpd } from './dhcpd-parse.js';
import { readStatement } from './dhcpd-statements.js';
import type { ImportResult, Outcome } from './report.js';

/** Turns a `dhcpd.conf` (ISC DHCP) into a part of `pxekit.yaml`. */
export function importDhcpd(text: string, { name = 'dhcpd.conf' } = {}): ImportResult {
  const { statements, problems } = parseDhcpd(text, name);
  const draft = new Draft(problems);
  readBlock(draft, statements, { defaults: {} });
  const { dhcp, machines, report } = draft;
  const config: ConfigInput = { ...draft.config, dhcp };
  if (machines.length > 0) config.machines = machines;
  report.sort((a, b) => a.line - b.line);
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  return { config, statements: report, problems };
}

/** Plain statements first: they hold for the blocks beside them wherever they stand. */
function readBlock(draft: Draft, statements: readonly DhcpdStatement[], scope: Scope): void {
  for (const statement of statements) if (!statement.block) draft.say(statement, readStatement(draft, statement, scope));
  for (const statement of statements) if (statement.block) readGroup(draft, statement, statement.block, scope);
}

function readGroup(draft: Draft, statement: DhcpdStatement, block: readonly DhcpdStatement[], scope: Scope): void {
  const [keyword = '', first = '', ...rest] = statement.words;
  switch (keyword.toLowerCase()) {
    case 'subnet':
      readSubnet(draft, statement, block, scope);
      break;
    case 'host':
      readHost(draft, statement, block, scope);
      break;
    case 'group':
    case 'pool':
      draft.say(statement, ['changed', `the statements of the ${keyword} hold for what is in it`]);
      readBlock(draft, block, keyword === 'group' ? { ...scope, defaults: { ...scope.defaults } } : scope);
      break;
    case 'shared-network':
      draft.say(statement, ['changed', 'its subnets are listed one by one']);
      readBlock(draft, block, { ...scope, defaults: { ...scope.defaults } });
      break;
    case 'class':
    case 'subclass':
    case 'if':
    case 'elsif':
    case 'else':
      reportAlike(
        draft,
        statement,
        /pxe|vendor-class|arch|user-class|HTTPClient/i.test(`${first} ${rest.join(' ')} ${JSON.stringify(block)}`)
          ? ['not-needed', 'the boot program is chosen by architecture and user class']
          : ['unsupported', 'conditions are not carried over'],
      );
      break;
    default:
      reportAlike(draft, statement, ['unsupported', NOT_SUPPORTED.get(keyword.toLowerCase()) ?? 'this block is not known here']);
  }
}

/** Reports a block and everything in it alike. */
function reportAlike(draft: Draft, statement: DhcpdStatement, outcome: Outcome): void {
  const waiting = [statement];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    draft.say(next, outcome);
    waiting.push(...(next.block ?? []));
  }
}

function readSubnet(draft: Draft, statement: DhcpdStatement, block: readonly DhcpdStatement[], scope: Scope): void {
  const [, address = '', , mask = ''] = statement.words;
  const [base, prefix] = [parseIpv4(address), prefixOfMask(mask)];
  if (base === undefined || prefix === undefined) {
    draft.say(statement, draft.invalid(statement, 'expected "subnet ADDRESS netmask MASK"'));
    return;
  }
  const range = network(base, prefix);
  const subnet: Subnet = { subnet: `${formatIpv4(range.first)}/${prefix}`, ...scope.defaults };
  draft.say(statement, [range.first === base ? 'kept' : 'changed', `dhcp.subnets: ${subnet.subnet}`]);
  draft.dhcp.subnets.push(subnet);
  readBlock(draft, block, { ...scope, subnet });
  const server = parseIpv4(subnet.nextServer ?? '');
  if (server !== undefined && contains(range, server) && draft.config.address === undefined) {
    draft.config.address = `${subnet.nextServer}/${prefix}`;
    delete subnet.nextServer;
  }
}

function readHost(draft: Draft, statement: DhcpdStatement, block: readonly DhcpdStatement[], scope: Scope): void {
  const name = statement.words[1] ?? '';
  const machine: Partial<Machine> = { name: name.replace(/[^A-Za-z0-9_.-]/g, '-') };
  readBlock(draft, block, { ...scope, machine });
  const whole = machine.mac !== undefined;
  if (whole) draft.machines.push(machine as Machine);
  draft.say(
    statement,
    whole
      ? [machine.name === name ? 'kept' : 'changed', `machines: ${machine.name}`]
      : ['unsupported', 'a host without a hardware address is not known here'],
  );
}
