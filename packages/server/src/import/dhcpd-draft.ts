import type { ConfigInput } from '../config/schema.js';
import type { DhcpdStatement } from './dhcpd-parse.js';
import type { ImportedStatement, ImportProblem, Outcome } from './report.js';

type Dhcp = Exclude<NonNullable<ConfigInput['dhcp']>, false>;
export type Subnet = NonNullable<Dhcp['subnets']>[number];
export type Machine = NonNullable<ConfigInput['machines']>[number];

/** What holds for a block and everything in it. */
export interface Scope {
  subnet?: Subnet;
  machine?: Partial<Machine>;
  /** Set by statements outside a subnet; each subnet starts from them. */
  defaults: Partial<Subnet>;
}

/** What has been made of a `dhcpd.conf` so far. */
export class Draft {
  readonly dhcp: Dhcp & { subnets: Subnet[] } = { subnets: [] };
  readonly machines: Machine[] = [];
  readonly config: ConfigInput = {};
  readonly report: ImportedStatement[] = [];
  readonly problems: ImportProblem[];

  constructor(problems: ImportProblem[]) {
    this.problems = problems;
  }

  /** Notes what became of a statement. */
  say({ line, text }: DhcpdStatement, [verdict, note]: Outcome): void {
    this.report.push({ line, statement: text, verdict, note });
  }

  /** Notes a problem with a statement, and gives its outcome. */
  invalid({ line, text }: DhcpdStatement, message: string): Outcome {
    this.problems.push({ line, column: 1, code: 'import/invalid-value', message: `${text}: ${message}` });
    return ['unsupported', message];
  }
}
