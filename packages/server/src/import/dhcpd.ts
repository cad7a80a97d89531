import type { ConfigInput } from '../config/schema.js';
import { contains, formatIpv4, network, normalizeMac, parseIpv4, prefixOfMask } from '../ipv4.js';
import { type DhcpdStatement, parseDhcpd } from './dhcpd-parse.js';
import type { ImportedStatement, ImportProblem, ImportResult, Outcome } from './report.js';

type Dhcp = Exclude<NonNullable<ConfigInput['dhcp']>, false>;
type Subnet = NonNullable<Dhcp['subnets']>[number];
type Machine = NonNullable<ConfigInput['machines']>[number];

/** What holds for a block and everything in it. */
interface Scope {
  subnet?: Subnet;
  machine?: Partial<Machine>;
  /** Set by statements outside a subnet; each subnet starts from them. */
  defaults: Partial<Subnet>;
}

const NOT_NEEDED: Record<string, string> = {
  'ddns-update-style': 'names are not registered in DNS by this server',
  'ddns-updates': 'names are not registered in DNS by this server',
  'update-static-leases': 'names are not registered in DNS by this server',
  'log-facility': 'events go to one log of their own',
  'one-lease-per-client': 'a machine keeps one address through boot ROM, loader and installer',
  'min-lease-time': 'clients get the lease time of the server unless they ask for less',
  'server-identifier': 'the address of the interface that a request came to',
  'server-name': 'the boot server goes by its address',
  'ping-check': 'addresses are chosen from those nobody holds',
  'lease-file-name': 'leases are kept in the state folder',
  'pid-file-name': 'the service manager knows the process',
  'local-port': 'set `dhcp.port` for another port than 67',
  interfaces: 'set `interface`',
};

const NOT_SUPPORTED: Record<string, string> = {
  failover: 'there is no fail-over between two servers',
  'omapi-port': 'there is no OMAPI; see `pxekit machines`',
  zone: 'names are not registered in DNS by this server',
  key: 'keys are for DNS updates and OMAPI, which are not here',
  include: 'import the named file, too',
};

/** Turns a `dhcpd.conf` (ISC DHCP) into a part of `pxekit.yaml`. */
export function importDhcpd(text: string, { name = 'dhcpd.conf' } = {}): ImportResult {
  const { statements, problems } = parseDhcpd(text, name);
  return new DhcpdImport(problems).run(statements);
}

class DhcpdImport {
  readonly #problems: ImportProblem[];
  readonly #report: ImportedStatement[] = [];
  readonly #dhcp: Dhcp & { subnets: Subnet[] } = { subnets: [] };
  readonly #machines: Machine[] = [];
  readonly #config: ConfigInput = {};

  constructor(problems: ImportProblem[]) {
    this.#problems = problems;
  }

  run(statements: readonly DhcpdStatement[]): ImportResult {
    this.#block(statements, { defaults: {} });
    const config: ConfigInput = { ...this.#config, dhcp: this.#dhcp };
    if (this.#machines.length > 0) config.machines = this.#machines;
    this.#report.sort((a, b) => a.line - b.line);
    this.#problems.sort((a, b) => a.line - b.line || a.column - b.column);
    return { config, statements: this.#report, problems: this.#problems };
  }

  /** Plain statements first: they hold for the blocks beside them wherever they stand. */
  #block(statements: readonly DhcpdStatement[], scope: Scope): void {
    for (const statement of statements) if (!statement.block) this.#say(statement, this.#parameter(statement, scope));
    for (const statement of statements) if (statement.block) this.#group(statement, statement.block, scope);
  }

  #say({ line, text }: DhcpdStatement, [verdict, note]: Outcome): void {
    this.#report.push({ line, statement: text, verdict, note });
  }

  #invalid(statement: DhcpdStatement, message: string): Outcome {
    this.#problems.push({ line: statement.line, column: 1, code: 'import/invalid-value', message: `${statement.text}: ${message}` });
    return ['unsupported', message];
  }

  #group(statement: DhcpdStatement, block: readonly DhcpdStatement[], scope: Scope): void {
    const [keyword = '', first = '', ...rest] = statement.words;
    switch (keyword.toLowerCase()) {
      case 'subnet':
        this.#subnet(statement, block, scope);
        break;
      case 'host':
        this.#host(statement, block, scope);
        break;
      case 'group':
      case 'pool':
        this.#say(statement, ['changed', `the statements of the ${keyword} hold for what is in it`]);
        this.#block(block, keyword === 'group' ? { ...scope, defaults: { ...scope.defaults } } : scope);
        break;
      case 'shared-network':
        this.#say(statement, ['changed', 'its subnets are listed one by one']);
        this.#block(block, { ...scope, defaults: { ...scope.defaults } });
        break;
      case 'class':
      case 'subclass':
      case 'if':
      case 'elsif':
      case 'else':
        this.#whole(
          statement,
          /pxe|vendor-class|arch|user-class|HTTPClient/i.test(`${first} ${rest.join(' ')} ${JSON.stringify(block)}`)
            ? ['not-needed', 'the boot program is chosen by architecture and user class']
            : ['unsupported', 'conditions are not carried over'],
        );
        break;
      default:
        this.#whole(statement, ['unsupported', NOT_SUPPORTED[keyword.toLowerCase()] ?? 'this block is not known here']);
    }
  }

  /** Reports a block and everything in it alike. */
  #whole(statement: DhcpdStatement, outcome: Outcome): void {
    const waiting = [statement];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      this.#say(next, outcome);
      waiting.push(...(next.block ?? []));
    }
  }

  #subnet(statement: DhcpdStatement, block: readonly DhcpdStatement[], scope: Scope): void {
    const [, address = '', , mask = ''] = statement.words;
    const [base, prefix] = [parseIpv4(address), prefixOfMask(mask)];
    if (base === undefined || prefix === undefined) {
      this.#say(statement, this.#invalid(statement, 'expected "subnet ADDRESS netmask MASK"'));
      return;
    }
    const range = network(base, prefix);
    const subnet: Subnet = { subnet: `${formatIpv4(range.first)}/${prefix}`, ...scope.defaults };
    this.#say(statement, [range.first === base ? 'kept' : 'changed', `dhcp.subnets: ${subnet.subnet}`]);
    this.#dhcp.subnets.push(subnet);
    this.#block(block, { ...scope, subnet });
    const server = parseIpv4(subnet.nextServer ?? '');
    if (server !== undefined && contains(range, server) && this.#config.address === undefined) {
      this.#config.address = `${subnet.nextServer}/${prefix}`;
      delete subnet.nextServer;
    }
  }

  #host(statement: DhcpdStatement, block: readonly DhcpdStatement[], scope: Scope): void {
    const name = statement.words[1] ?? '';
    const machine: Partial<Machine> = { name: name.replace(/[^A-Za-z0-9_.-]/g, '-') };
    this.#block(block, { ...scope, machine });
    const whole = machine.mac !== undefined;
    if (whole) this.#machines.push(machine as Machine);
    this.#say(
      statement,
      whole
        ? [machine.name === name ? 'kept' : 'changed', `machines: ${machine.name}`]
        : ['unsupported', 'a host without a hardware address is not known here'],
    );
  }

  #parameter(statement: DhcpdStatement, scope: Scope): Outcome {
    const [keyword = '', ...values] = statement.words;
    const lower = keyword.toLowerCase();
    switch (lower) {
      case 'option':
        return this.#option(statement, values, scope);
      case 'range':
        return this.#range(statement, values, scope);
      case 'default-lease-time':
      case 'max-lease-time':
        return this.#leaseTime(statement, lower, values[0], scope);
      case 'authoritative':
        this.#dhcp.authoritative = true;
        return ['kept', 'dhcp.authoritative'];
      case 'next-server':
        return this.#nextServer(statement, values[0], scope);
      case 'filename':
        return this.#bootFile(values[0] ?? '', scope);
      case 'hardware':
        return this.#hardware(statement, values, scope);
      case 'fixed-address':
        return this.#fixedAddress(statement, values, scope);
      case 'allow':
      case 'deny':
      case 'ignore':
        return this.#permission(lower, values);
      case 'not':
        this.#dhcp.authoritative = false;
        return ['kept', 'dhcp.authoritative: false'];
      default:
        if (NOT_NEEDED[lower] !== undefined) return ['not-needed', NOT_NEEDED[lower]];
        return ['unsupported', NOT_SUPPORTED[lower] ?? 'this statement is not known here'];
    }
  }

  #option(statement: DhcpdStatement, [name = '', ...values]: readonly string[], scope: Scope): Outcome {
    const target = scope.subnet ?? scope.defaults;
    const addresses = (key: 'routers' | 'dns' | 'ntp'): Outcome => {
      const wrong = values.find((value) => parseIpv4(value) === undefined);
      if (scope.machine) return ['unsupported', 'options of single machines are not carried over'];
      if (wrong !== undefined) return this.#invalid(statement, `"${wrong}" is no IPv4 address; names are not looked up`);
      target[key] = [...values];
      return ['kept', `dhcp.subnets.${key}`];
    };
    switch (name.toLowerCase()) {
      case 'routers':
        return addresses('routers');
      case 'domain-name-servers':
        return addresses('dns');
      case 'ntp-servers':
        return addresses('ntp');
      case 'domain-name':
        target.domain = values[0] ?? '';
        return ['kept', 'dhcp.subnets.domain'];
      case 'domain-search':
        target.domainSearch = [...values];
        return ['kept', 'dhcp.subnets.domainSearch'];
      case 'broadcast-address':
        if (parseIpv4(values[0] ?? '') === undefined) return this.#invalid(statement, 'expected an IPv4 address');
        target.broadcast = values[0] as string;
        return ['kept', 'dhcp.subnets.broadcast'];
      case 'subnet-mask':
        return ['not-needed', 'follows from the subnet'];
      case 'host-name':
        if (!scope.machine) return ['unsupported', 'one name for every machine is not carried over'];
        scope.machine.hostname = values[0] ?? '';
        return ['kept', 'machines.hostname'];
      case 'tftp-server-name':
        return this.#nextServer(statement, values[0], scope);
      case 'bootfile-name':
        return this.#bootFile(values[0] ?? '', scope);
      case 'space':
      case 'arch':
      case 'architecture-type':
      case 'client-arch':
      case 'vendor-class-identifier':
      case 'vendor-encapsulated-options':
        return ['not-needed', 'PXE options are made by the server'];
      case 'time-offset':
        return ['not-needed', 'installers take the time zone from the kickstart'];
      default:
        if (/^(pxe(linux)?|ipxe|gpxe|arch)[.-]/i.test(name) || values.includes('code')) {
          return ['not-needed', 'PXE options are made by the server'];
        }
        return ['unsupported', `option ${name} is not carried over`];
    }
  }

  #range(statement: DhcpdStatement, values: readonly string[], { subnet }: Scope): Outcome {
    if (!subnet) return this.#invalid(statement, 'a range belongs into a subnet');
    const addresses = values.filter((value) => value !== 'dynamic-bootp');
    const [low = '', high = low] = addresses;
    if (parseIpv4(low) === undefined || parseIpv4(high) === undefined)
      return this.#invalid(statement, 'expected one or two IPv4 addresses');
    subnet.pools = [...(subnet.pools ?? []), `${low}-${high}`];
    const bootp = addresses.length < values.length;
    if (bootp) this.#dhcp.bootp = true;
    return ['kept', bootp ? 'dhcp.subnets.pools, and dhcp.bootp' : 'dhcp.subnets.pools'];
  }

  #leaseTime(statement: DhcpdStatement, keyword: string, value: string | undefined, { subnet }: Scope): Outcome {
    const seconds = Number(value);
    if (!/^\d+$/.test(value ?? '')) return this.#invalid(statement, 'expected seconds');
    const key = keyword === 'max-lease-time' ? 'maxLeaseTime' : 'leaseTime';
    (subnet ?? this.#dhcp)[key] = seconds;
    return ['kept', `dhcp.${subnet ? 'subnets.' : ''}${key}`];
  }

  #nextServer(statement: DhcpdStatement, value: string | undefined, scope: Scope): Outcome {
    if (value === undefined || parseIpv4(value) === undefined) {
      return this.#invalid(statement, `"${value ?? ''}" is no IPv4 address; names are not looked up`);
    }
    (scope.machine ?? scope.subnet ?? scope.defaults).nextServer = value;
    return ['kept', 'the address of the boot server; this server names itself unless `nextServer` says otherwise'];
  }

  #bootFile(value: string, scope: Scope): Outcome {
    const base = value.slice(value.lastIndexOf('/') + 1).toLowerCase();
    const chosen = /^(l?pxelinux|gpxelinux)\.0$|^(bootx64|grubx64|shimx64|syslinux|ipxe|snponly)\.efi$|^(undionly)\.kpxe$/.test(base);
    if (chosen) {
      const note = 'one file does not fit BIOS and UEFI clients: the boot program is chosen by architecture';
      return ['changed', note];
    }
    (scope.machine ?? scope.subnet ?? scope.defaults).bootFile = value;
    return ['kept', 'bootFile'];
  }

  #hardware(statement: DhcpdStatement, [type = '', address = '']: readonly string[], { machine }: Scope): Outcome {
    const mac = normalizeMac(address);
    if (!machine || mac === undefined) return this.#invalid(statement, 'expected "hardware ethernet ADDRESS" in a host');
    machine.mac = mac;
    return [type.toLowerCase() === 'ethernet' ? 'kept' : 'changed', 'machines.mac'];
  }

  #fixedAddress(statement: DhcpdStatement, values: readonly string[], { machine }: Scope): Outcome {
    const [address = ''] = values;
    if (!machine || parseIpv4(address) === undefined)
      return this.#invalid(statement, `"${address}" is no IPv4 address; names are not looked up`);
    machine.address = address;
    return [values.length > 1 ? 'changed' : 'kept', 'machines.address'];
  }

  #permission(keyword: string, values: readonly string[]): Outcome {
    const subject = values.join(' ').toLowerCase();
    switch (subject) {
      case 'booting':
        if (keyword === 'allow') return ['not-needed', 'machines may boot unless they are denied'];
        return ['unsupported', 'booting cannot be forbidden as a whole; leave the machine out or use `unknown`'];
      case 'bootp':
      case 'dynamic bootp clients':
        this.#dhcp.bootp = keyword === 'allow';
        return ['kept', 'dhcp.bootp'];
      case 'unknown-clients':
      case 'unknown clients':
        this.#config.unknown = keyword === 'allow' ? 'allow' : 'deny';
        return ['kept', 'unknown'];
      case 'client-updates':
        return ['not-needed', 'names are not registered in DNS by this server'];
      case 'duplicates':
      case 'declines':
        return ['not-needed', 'declined addresses rest for a while'];
      default:
        return ['unsupported', `"${subject}" is not known here`];
    }
  }
}
