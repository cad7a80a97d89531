import { ServerError } from '../errors.js';

/** One step of a simulated boot. */
export interface SimulatedStep {
  /** From 1. */
  number: number;
  stage: 'dhcp' | 'proxydhcp' | 'program' | 'configuration' | 'kernel' | 'installer' | 'kickstart' | 'disk';
  /** What the client asked for. */
  asked: string;
  /** What it got. */
  answered: string;
  /** Bytes received. */
  bytes: number;
  /** Milliseconds. */
  ms: number;
  /** Things worth knowing that do not stop the boot. */
  warnings: string[];
}

export type Stage = SimulatedStep['stage'];

/** A step before it is numbered and timed. */
export type StepInput = Omit<SimulatedStep, 'number' | 'ms' | 'warnings'> & { warnings?: string[] };

/** Steps that come one after another, as a generator whose result is what they led to. */
export type Walking<Result> = AsyncGenerator<SimulatedStep, Result>;

/** Numbers the steps and measures the time since the one before. */
export class StepCounter {
  readonly #clock: () => number;
  #number = 0;
  #since: number;

  constructor(clock: () => number) {
    this.#clock = clock;
    this.#since = clock();
  }

  make({ warnings = [], ...step }: StepInput): SimulatedStep {
    const now = this.#clock();
    const ms = Math.round((now - this.#since) * 10) / 10;
    this.#since = now;
    return { number: ++this.#number, ...step, ms, warnings };
  }
}

/** Thrown when a boot cannot go on; `step` says where. */
export class SimulationError extends ServerError {
  override readonly name = 'SimulationError';
  readonly step: string;
  /** The message without the name of the step. */
  readonly reason: string;

  constructor(step: string, reason: string, hint?: string) {
    super(`Step "${step}" failed: ${reason}`, hint === undefined ? { code: 'SERVER_SIMULATION' } : { code: 'SERVER_SIMULATION', hint });
    this.step = step;
    this.reason = reason;
  }
}
