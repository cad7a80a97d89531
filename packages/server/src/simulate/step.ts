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

/** Thrown when a boot cannot go on; `step` says where. */
export class SimulationError extends ServerError {
  override readonly name = 'SimulationError';
  readonly step: string;

  constructor(step: string, message: string, hint?: string) {
    super(`Step "${step}" failed: ${message}`, hint === undefined ? { code: 'SERVER_SIMULATION' } : { code: 'SERVER_SIMULATION', hint });
    this.step = step;
  }
}
