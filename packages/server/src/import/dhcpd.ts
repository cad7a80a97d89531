import { OPTIONS } from '@pxekit/dhcp';
import { type Diagnostic, Source } from '@pxekit/diagnostics';
import type { ConfigInput } from '../config/schema.js';
import { contains, formatIpv4, network, normalizeMac, parseIpv4, prefixOfMask } from '../ipv4.js';
import { loaderKind } from '../loaders.js';
import { platformOf } from '../platforms.js';
import { type DhcpdStatement, readDhcpd } from './dhcpd-statements.js';
import type { ImportedStatement, ImportResult } from './report.js';

type SubnetInput = NonNullable<Exclude<ConfigInput['dhcp'], false | undefined>['subnets']>[number];
type MachineInput = NonNullable<ConfigInput['machines']>[number];

/** Values that hold for everything inside a block. */
interface Scope {
  subnet: Partial<SubnetInput>;
  filename?: string | undefined;
  nextServer?: string | undefined;
}

const NOT_NEEDED: Record<string, string> = {
  'ddns-update-style': 'pxekit changes no DNS',
  'ddns-updates': 'pxekit changes no DNS',
  'ddns-domainname': 'pxekit changes no DNS',
  'update-static-leases': 'pxekit changes no DNS',
  'log-facility': 'events go to `events`, as JSON lines',
  'server-identifier': 'the address of the server is sent',
  'server-name': 'the address of the server is sent',
  'use-host-decl-names': 'the name of a machine is its host name',
  'get-lease-hostnames': 'the name of a machine is its host name',
  'ping-check': 'addresses are not probed before an offer: boot ROMs would ask again in the meantime',
  'one-lease-per-client': 'a client has one lease per subnet',
  'always-broadcast': 'answers are broadcast where the client cannot take them otherwise',
  'min-secs': 'all clients are answered at once',
  'omapi-port': 'there is no OMAPI',
  'stash-agent-options': 'relay options are echoed',
  'dhcpd-lease-file-name': 'leases lie in the state folder',
  'lease-file-name': 'leases lie in the state folder',
  'pid-file-name': 'there is no PID file',
  'local-address': 'see `address`',
};

const LIST_OPTIONS: Record<string, 'routers' | 'dns' | 'ntp' | 'domainSearch'> = {
  routers: 'routers',
  'domain-name-servers': 'dns',
  'ntp-servers': 'ntp',
  'domain-search': 'domainSearch',
};

/** Turns the text of a `dhcpd.conf` into a configuration, and says what became of every statement. */
export function importDhcpd(text: string, name = 'dhcpd.conf'): ImportResult {
  return new DhcpdImport(new Source(text, { name })).run();
}

class DhcpdImport {
  readonly #source: Source;
  readonly #statements: ImportedStatement[] = [];
  readonly #diagnostics: Diagnostic[] = [];
  readonly #subnets: SubnetInput[] = [];
  readonly #machines: MachineInput[] = [];
  readonly #loaders: NonNullable<ConfigInput['loaders']> = {};
  readonly #dhcp: Record<string, unknown> = {};
  #unknown: 'allow' | 'deny' | undefined;

  constructor(source: Source) {
    this.#source = source;
  }

  run(): ImportResult {
    const { statements, diagnostics } = readDhcpd(this.#source);
    this.#diagnostics.push(...diagnostics);
    this.#block(statements, { subnet: {} });
    this.#checkBootServers();
    const config: ConfigInput = {
      ...(this.#unknown === undefined ? {} : { unknown: this.#unknown }),
      dhcp: { ...this.#dhcp, subnets: this.#subnets },
      ...(Object.keys(this.#loaders).length === 0 ? {} : { loaders: this.#loaders }),
      ...(this.#machines.length === 0 ? {} : { machines: this.#machines }),
    };
    this.#statements.sort((a, b) => a.line - b.line);
    return { config, statements: this.#statements, diagnostics: this.#diagnostics };
  }

  /** Values of a block hold for the whole block, wherever they stand in it: they are read before what is inside. */
  #block(statements: readonly DhcpdStatement[], scope: Scope) {
    for (const statement of statements) if (!statement.block) this.#value(statement, scope);
    for (const statement of statements) if (statement.block) this.#nested(statement, statement.block, scope);
  }

  #nested(statement: DhcpdStatement, block: readonly DhcpdStatement[], outer: Scope) {
    const [keyword, first, second, third] = words(statement);
    const inner = (): Scope => ({ ...outer, subnet: { ...outer.subnet } });
    switch (keyword) {
      case 'subnet':
        return this.#subnet(statement, block, inner(), first, second === 'netmask' ? third : undefined);
      case 'host':
        return this.#host(statement, block, inner(), raw(statement, 1));
      case 'group':
        this.#note(statement, 'changed', 'its values stand with each of its members');
        return this.#block(block, inner());
      case 'shared-network':
        this.#note(statement, 'changed', 'the subnets stand one after another');
        return this.#block(block, inner());
      case 'pool':
        this.#note(statement, 'changed', 'its ranges are pools of the subnet');
        return this.#block(block, outer);
      case 'class':
      case 'subclass':
        return this.#bootClass(statement, block);
      case 'if':
      case 'elsif':
      case 'elseif':
      case 'else':
        return this.#condition(statement, block);
      case 'key':
      case 'zone':
        return this.#note(statement, 'not-needed', 'pxekit changes no DNS');
      default:
        this.#note(statement, 'lost', `a block "${keyword}" has no counterpart`);
    }
  }

  #subnet(
    statement: DhcpdStatement,
    block: readonly DhcpdStatement[],
    scope: Scope,
    address: string | undefined,
    mask: string | undefined,
  ) {
    const [value, prefix] = [parseIpv4(address ?? ''), prefixOfMask(mask ?? '')];
    if (value === undefined || prefix === undefined) {
      return this.#note(statement, 'lost', 'expected `subnet ADDRESS netmask MASK`');
    }
    const net = network(value, prefix);
    this.#note(statement, 'kept', `dhcp.subnets[${this.#subnets.length}]`);
    const subnet: SubnetInput = { subnet: `${formatIpv4(net.first)}/${prefix}` };
    scope.subnet.pools = [];
    this.#block(block, scope);
    const { pools, ...rest } = scope.subnet;
    Object.assign(subnet, pools && pools.length > 0 ? { pools } : {}, rest);
    if (scope.nextServer !== undefined) subnet.nextServer = scope.nextServer;
    this.#subnets.push(subnet);
  }

  #host(statement: DhcpdStatement, block: readonly DhcpdStatement[], scope: Scope, name: string | undefined) {
    const machine: MachineInput = { name: (name ?? 'machine').replace(/[^\w.-]/g, '-'), mac: [] };
    const inner: Scope = { ...scope, filename: undefined, nextServer: undefined };
    let mac: string | undefined;
    for (const each of block) {
      const [keyword, first, second] = words(each);
      if (keyword === 'hardware' && first === 'ethernet') {
        mac = normalizeMac(second ?? '');
        this.#note(each, mac === undefined ? 'lost' : 'kept', mac === undefined ? `"${second}" is no hardware address` : 'machines[].mac');
      } else if (keyword === 'fixed-address') {
        const fixed = raw(each, 1);
        if (parseIpv4(fixed ?? '') === undefined) this.#note(each, 'lost', 'host names are not looked up: write the address');
        else {
          machine.address = fixed;
          this.#note(each, 'kept', 'machines[].address');
        }
      } else if (keyword === 'option' && first === 'host-name') {
        machine.hostname = raw(each, 2) ?? machine.name;
        this.#note(each, 'kept', 'machines[].hostname');
      } else if (keyword === 'filename') {
        machine.bootFile = (raw(each, 1) ?? '').replace(/^\/+/, '');
        this.#note(each, 'kept', 'machines[].bootFile');
      } else if (keyword === 'next-server') {
        machine.nextServer = raw(each, 1);
        this.#note(each, 'kept', 'machines[].nextServer');
      } else if (each.block) this.#nested(each, each.block, inner);
      else this.#value(each, inner);
    }
    if (mac === undefined) return this.#note(statement, 'lost', 'a machine is known by its `hardware ethernet`, and this host has none');
    machine.mac = mac;
    this.#machines.push(machine);
    this.#note(statement, 'kept', `machine "${machine.name}"`);
  }

  #value(statement: DhcpdStatement, scope: Scope) {
    const [keyword = '', first = '', second] = words(statement);
    const note = (outcome: ImportedStatement['outcome'], text: string) => this.#note(statement, outcome, text);
    if (NOT_NEEDED[keyword] !== undefined) return note('not-needed', NOT_NEEDED[keyword] as string);
    switch (keyword) {
      case 'range':
        return this.#range(statement, scope);
      case 'option':
        return this.#option(statement, scope, first);
      case 'default-lease-time':
      case 'max-lease-time': {
        const key = keyword === 'max-lease-time' ? 'maxLeaseTime' : 'leaseTime';
        if (!/^\d+$/.test(first)) return note('lost', 'expected a number of seconds');
        // `subnet` blocks own `pools`: that tells an inner scope from the outermost one.
        if (scope.subnet.pools) scope.subnet[key] = Number(first);
        else this.#dhcp[key] = Number(first);
        return note('kept', key);
      }
      case 'min-lease-time':
        return note('not-needed', 'there is no least lease time');
      case 'next-server':
        if (parseIpv4(first) === undefined) return note('lost', 'host names are not looked up: write the address');
        scope.nextServer = first;
        if (!scope.subnet.pools) return note('changed', '`nextServer` of each subnet; it can go when this server serves the files');
        return note('kept', '`nextServer`; it can go when this server serves the files');
      case 'filename':
        return this.#filename(statement, scope, raw(statement, 1) ?? '');
      case 'authoritative':
        return note('not-needed', 'that is the default (`dhcp.authoritative`)');
      case 'allow':
      case 'deny':
      case 'ignore':
        return this.#permission(statement, keyword, first, second);
      case 'not':
        if (first !== 'authoritative') break;
        this.#dhcp.authoritative = false;
        return note('kept', '`dhcp.authoritative: false`');
      case 'include':
        return note('lost', 'import the included file, too');
    }
    note('lost', `"${keyword}" has no counterpart`);
  }

  #range(statement: DhcpdStatement, scope: Scope) {
    const addresses = words(statement)
      .slice(1)
      .filter((word) => word !== 'dynamic-bootp');
    const [from = '', to = from] = addresses;
    if (parseIpv4(from) === undefined || parseIpv4(to) === undefined) return this.#note(statement, 'lost', 'expected two addresses');
    scope.subnet.pools = [...(scope.subnet.pools ?? []), `${from}-${to}`];
    this.#note(statement, 'kept', '`pools`');
  }

  #option(statement: DhcpdStatement, scope: Scope, name: string) {
    const note = (outcome: ImportedStatement['outcome'], text: string) => this.#note(statement, outcome, text);
    const values = statement.words
      .slice(2)
      .filter(({ text, quoted }) => quoted || text !== ',')
      .map(({ text }) => text);
    const list = LIST_OPTIONS[name];
    if (words(statement)[2] === 'code' || name === 'space') return note('not-needed', 'options are known by their names');
    if (list !== undefined) {
      const addresses = list === 'domainSearch' ? values : values.filter((value) => parseIpv4(value) !== undefined);
      if (addresses.length < values.length) note('changed', `${list}: host names are not looked up, addresses are kept`);
      else note('kept', `\`${list}\``);
      scope.subnet[list] = addresses;
      return;
    }
    switch (name) {
      case 'subnet-mask':
        return note('not-needed', 'the mask follows from the subnet');
      case 'domain-name':
        scope.subnet.domain = values[0] ?? '';
        return note('kept', '`domain`');
      case 'broadcast-address':
        scope.subnet.broadcast = values[0];
        return note('kept', '`broadcast`');
      case 'tftp-server-name':
        if (parseIpv4(values[0] ?? '') !== undefined) scope.nextServer = values[0];
        return note('changed', '`nextServer`');
      case 'bootfile-name':
        return this.#filename(statement, scope, values[0] ?? '');
      case 'host-name':
        return note('not-needed', 'the name of a machine is its host name');
      default:
        if (name.includes('.')) return note('not-needed', 'boot options are sent as the client needs them');
        return this.#otherOption(statement, scope, name, values);
    }
  }

  #otherOption(statement: DhcpdStatement, scope: Scope, name: string, values: string[]) {
    const key = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (!Object.hasOwn(OPTIONS, key)) return this.#note(statement, 'lost', `there is no option "${name}"`);
    const typed = values.map((value) => (/^-?\d+$/.test(value) ? Number(value) : value));
    scope.subnet.options = { ...scope.subnet.options, [key]: /s$/.test(name) ? typed : (typed[0] ?? '') };
    this.#note(statement, 'kept', `\`options.${key}\``);
  }

  #filename(statement: DhcpdStatement, scope: Scope, file: string) {
    const path = file.replace(/^\/+/, '');
    scope.filename = path;
    if (loaderKind(path) === 'pxelinux' && !/efi/i.test(path)) {
      this.#loaders.bios = path;
      return this.#note(
        statement,
        'changed',
        '`loaders.bios`: one file name cannot serve UEFI machines, which get a boot program of their own',
      );
    }
    if (/\.efi$/i.test(path)) {
      this.#loaders['uefi-x64'] = path;
      return this.#note(statement, 'changed', '`loaders.uefi-x64`: one file name cannot serve BIOS machines');
    }
    scope.subnet.bootFile = path;
    this.#note(statement, 'kept', '`bootFile`: the same for every architecture');
  }

  #permission(statement: DhcpdStatement, verb: string, what: string, second: string | undefined) {
    const note = (outcome: ImportedStatement['outcome'], text: string) => this.#note(statement, outcome, text);
    if (what === 'client-updates') return note('not-needed', 'pxekit changes no DNS');
    if (what === 'booting')
      return note(
        verb === 'allow' ? 'not-needed' : 'lost',
        verb === 'allow' ? 'clients may boot' : 'leave `images` and `loaders` out to serve addresses only',
      );
    if (what === 'bootp') {
      if (verb !== 'allow') this.#dhcp.bootp = false;
      return note(verb === 'allow' ? 'not-needed' : 'kept', verb === 'allow' ? 'BOOTP clients are answered' : '`dhcp.bootp: false`');
    }
    if (what === 'unknown-clients' || (what === 'unknown' && second === 'clients')) {
      this.#unknown = verb === 'allow' ? 'allow' : 'deny';
      return note('kept', `\`unknown: ${this.#unknown}\``);
    }
    if (what === 'known-clients' || what === 'members' || what === 'duplicates' || what === 'declines')
      return note('not-needed', 'machines are known by their hardware address');
    note('lost', `"${verb} ${what}" has no counterpart`);
  }

  /** Classes and conditions of guides pick a boot file by architecture, which is built in. */
  #bootClass(statement: DhcpdStatement, block: readonly DhcpdStatement[]) {
    this.#note(statement, 'changed', 'network boot clients are known without a class');
    for (const each of block) {
      const [keyword] = words(each);
      if (each.block) this.#nested(each, each.block, { subnet: {} });
      else if (keyword === 'match' || keyword === 'vendor-option-space')
        this.#note(each, 'not-needed', 'network boot clients are known by options 60 and 93');
      else this.#value(each, { subnet: {} });
    }
  }

  #condition(statement: DhcpdStatement, block: readonly DhcpdStatement[]) {
    const text = oneLine(this.#source, statement);
    const code =
      /(?:arch\w*|architecture-type|pxe-system-type|client-arch\S*)\s*=\s*(?:00:)?([0-9a-f]{2})\b/i.exec(text)?.[1] ??
      /arch\S*\s*=\s*(\d+)/i.exec(text)?.[1];
    const platform = code === undefined ? undefined : platformOf(Number.parseInt(code, 16));
    const isElse = words(statement)[0] === 'else';
    this.#note(
      statement,
      platform || isElse ? 'changed' : 'lost',
      platform
        ? `\`loaders.${platform}\``
        : isElse
          ? 'the rest gets the boot program of its architecture'
          : 'conditions have no counterpart; boot programs are chosen by architecture',
    );
    for (const each of block) {
      const [keyword] = words(each);
      if (each.block) this.#nested(each, each.block, { subnet: {} });
      else if (keyword === 'filename' && (platform || isElse)) {
        this.#loaders[platform ?? 'bios'] = (raw(each, 1) ?? '').replace(/^\/+/, '');
        this.#note(each, 'kept', `\`loaders.${platform ?? 'bios'}\``);
      } else this.#value(each, { subnet: {} });
    }
  }

  #checkBootServers() {
    for (const { subnet, nextServer, routers } of this.#subnets) {
      const [address = '', prefix] = subnet.split('/');
      const net = network(parseIpv4(address) ?? 0, Number(prefix));
      const boot = parseIpv4(nextServer ?? '');
      if (boot === undefined || contains(net, boot) || (routers && routers.length > 0)) continue;
      const at = this.#source.text.indexOf(nextServer as string);
      this.#diagnostics.push({
        code: 'config/next-server',
        severity: 'error',
        message: `Boot server ${nextServer} lies outside ${subnet}, and the subnet has no router to reach it by`,
        range: this.#source.range(Math.max(0, at), Math.max(0, at) + (nextServer as string).length),
        source: this.#source.name,
      });
    }
  }

  #note(statement: DhcpdStatement, outcome: ImportedStatement['outcome'], note: string) {
    this.#statements.push({ line: this.#source.positionAt(statement.start).line, text: oneLine(this.#source, statement), outcome, note });
  }
}

/** The words of a statement in lower case: keywords count in any case. */
function words(statement: DhcpdStatement): string[] {
  return statement.words.map(({ text, quoted }) => (quoted ? text : text.toLowerCase()));
}

/** A word as it was written. */
function raw(statement: DhcpdStatement, index: number): string | undefined {
  return statement.words[index]?.text;
}

function oneLine(source: Source, { start, end }: DhcpdStatement): string {
  return source.text
    .slice(start, end)
    .replace(/#[^\n]*/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
