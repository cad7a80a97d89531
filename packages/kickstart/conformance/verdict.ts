import { check, type Document, parse } from '@pxekit/kickstart';

export interface Verdict {
  ok: boolean;
  /** Line of the first error. */
  line: number | null;
  message: string;
  warnings: { line: number; code: string }[];
}

export function parsePlain(text: string): Document {
  return parse(text, { templates: 'none' });
}

/** What we say pykickstart says. */
export function verdict(document: Document, release: string): Verdict {
  const diagnostics = check(document, { release, strictness: 'pykickstart' });
  const first = diagnostics.find(({ severity }) => severity === 'error');
  return {
    ok: first === undefined,
    line: first?.range.start.line ?? null,
    message: first === undefined ? '' : `${first.code}: ${first.message}`,
    warnings: diagnostics.filter(({ severity }) => severity === 'warning').map(({ code, range }) => ({ code, line: range.start.line })),
  };
}

/** Counts agreement and keeps the first differences to print. */
export class Tally {
  total = 0;
  agreed = 0;
  rejections = 0;
  sameLine = 0;
  skipped = 0;
  readonly differences: string[] = [];

  constructor(readonly name: string) {}

  /** Compares one verdict; `line` is compared where both reject and a line is named. */
  add(label: string, expected: { ok: boolean; line?: number | null }, ours: Verdict): void {
    this.total++;
    if (expected.ok !== ours.ok) {
      this.differences.push(
        `${label}: expected ${expected.ok ? 'accept' : 'reject'}${expected.line ? ` at ${expected.line}` : ''}; ours: ${ours.line ?? 'accept'} ${ours.message}`,
      );
      return;
    }
    this.agreed++;
    if (expected.ok || expected.line === undefined || expected.line === null) return;
    this.rejections++;
    if (expected.line === ours.line) this.sameLine++;
    else this.differences.push(`${label}: expected line ${expected.line}, ours ${ours.line} ${ours.message}`);
  }

  get agreement(): number {
    return this.total === 0 ? 1 : this.agreed / this.total;
  }

  get lineAgreement(): number {
    return this.rejections === 0 ? 1 : this.sameLine / this.rejections;
  }

  row(): string {
    const percent = (value: number) => `${(value * 100).toFixed(2)} %`.padStart(9);
    return `${this.name.padEnd(12)} ${String(this.total).padStart(7)} ${percent(this.agreement)}  line ${percent(this.lineAgreement)} of ${this.rejections}  skipped ${this.skipped}`;
  }
}
