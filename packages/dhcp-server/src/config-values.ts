// Single values of a configuration, checked. Each throws DHCP_SERVER_CONFIG naming the field.
import type { LeaseTime } from './config.js';
import { configError } from './errors.js';
import { type AddressRange, type Ipv4, parseIpv4, parseRange } from './ipv4.js';
import type { LeaseTimes } from './plan.js';

export function leaseTimes(value: LeaseTime, field: string): LeaseTimes {
  const times = typeof value === 'number' ? { default: value } : value;
  const normal = seconds(times.default, field);
  const { min = normal, max = normal } = times as { min?: number; max?: number };
  if (!(min <= normal && normal <= max)) throw configError(field, 'min, default and max must be in that order');
  return { default: normal, min, max };
}

/** Seconds that fit a 32-bit option; `Infinity` is a lease without end. */
export function seconds(value: number, field: string): number {
  if (value === Number.POSITIVE_INFINITY) return value;
  if (!Number.isInteger(value) || value < 1 || value >= 0xffffffff) throw configError(field, `${value} is no number of seconds from 1`);
  return value;
}

export function address(text: string, field: string): Ipv4 {
  const value = parseIpv4(text);
  if (value === undefined) throw configError(field, `"${text}" is no IPv4 address`);
  return value;
}

export function range(text: string, field: string): AddressRange {
  const value = parseRange(text);
  if (value === undefined) throw configError(field, `"${text}" is no range such as 10.0.0.10-10.0.0.99, network or address`);
  return value;
}

/** One of the words that are allowed, `fallback` where none is given. */
export function oneOf<T extends string>(value: T | undefined, words: readonly T[], fallback: T, field: string): T {
  if (value === undefined) return fallback;
  if (!words.includes(value)) throw configError(field, `"${value}" is none of ${words.join(', ')}`);
  return value;
}

/** A count of at least 1. */
export function count(value: number | undefined, fallback: number, field: string): number {
  if (value === undefined) return fallback;
  if (!Number.isInteger(value) || value < 1) throw configError(field, `${value} is no count from 1`);
  return value;
}

/** Names of classes that the configuration has. */
export function checkClasses(names: readonly string[] | undefined, classes: readonly { name: string }[] | undefined, field: string): void {
  for (const name of names ?? []) if (!classes?.some((each) => each.name === name)) throw configError(field, `there is no class "${name}"`);
}
