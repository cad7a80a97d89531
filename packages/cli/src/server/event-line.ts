import type { ServerEvent } from '@pxekit/server';

const KNOWN = new Set(['time', 'type', 'level', 'mac', 'machine', 'peer']);

function show(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** An event as one line for people: time, what, who, and the rest as `key=value`. */
export function eventLine(event: ServerEvent): string {
  const who = [event.machine, event.mac, event.peer].filter((part) => part !== undefined).join(' ');
  const rest = Object.entries(event)
    .filter(([key, value]) => !KNOWN.has(key) && value !== undefined)
    .map(([key, value]) => `${key}=${show(value)}`);
  const mark = event.level === 'info' ? '' : `${event.level}: `;
  return [event.time.slice(11, 19), `${mark}${event.type}`, who, ...rest].filter((part) => part !== '').join(' ');
}
