/** One rule that took part in a decision, and what it found. */
export interface TraceStep {
  /** Stable name such as `subnet/relay` or `address/reserved`. */
  rule: string;
  /** For people. */
  found: string;
}

/** Collects the rules of one decision in the order in which they were asked. */
export class Trace {
  readonly steps: TraceStep[] = [];

  add(rule: string, found: string): void {
    this.steps.push({ rule, found });
  }
}
