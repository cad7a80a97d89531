import type { SimulatedStep } from '@pxekit/server';
import type { Io } from '../io.js';

/** A step of a simulated boot for people: what was asked, what came back, how many bytes and how long. */
export function printStep(io: Io, { number, asked, answered, bytes, ms, warnings }: SimulatedStep): void {
  io.out(`${String(number).padStart(2)}. ${asked}`);
  io.out(`    -> ${answered}  [${bytes} bytes, ${ms} ms]`);
  for (const warning of warnings) io.out(`    warning: ${warning}`);
}
