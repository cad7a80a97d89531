import type { TransferRecord } from '@pxekit/tftp';
import { InvalidArgumentError } from 'commander';

/** A whole number as an option's value. */
export function whole(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^[0-9]+$/.test(value) || number < min || number > max) throw new InvalidArgumentError(`Expected ${min} to ${max}.`);
    return number;
  };
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB'];

export function size(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(unit === 0 ? 0 : 1)} ${UNITS[unit]}`;
}

function time(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Names come from the network: nothing in them may move the cursor. */
export function printable(name: string): string {
  return name.replace(/[^\x20-\x7e\u00a1-\uffff]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** One line about a transfer that ended. */
export function summary(record: TransferRecord): string {
  const { outcome, error, bytes, retransmissions, duration, rate, granted } = record;
  const parts = [
    `${record.type} ${printable(record.filename)}`,
    `${record.peer.address}:${record.peer.port}`,
    outcome ?? 'running',
    `${size(bytes)} in ${time(duration)} (${size(rate)}/s)`,
  ];
  const options = Object.entries(granted).map(([name, value]) => `${name}=${value}`);
  if (options.length > 0) parts.push(options.join(' '));
  if (retransmissions > 0) parts.push(`${retransmissions} blocks again`);
  if (error) parts.push(`${error.code}: ${printable(error.message)}`);
  return parts.join('  ');
}

/** The record as JSON; an error becomes its code and message. */
export function json(record: TransferRecord): string {
  const { error, ...rest } = record;
  return JSON.stringify({ ...rest, error: error && { code: error.code, message: error.message, wireCode: error.wireCode } });
}
