import { DhcpServerError } from '../errors.js';
import { parseIpv4 } from '../ipv4.js';
import type { Lease, LeaseState } from './store.js';

const FIELDS = ['address', 'state', 'client', 'hardware', 'clientId', 'hostname', 'started', 'renewed', 'expires', 'relayAgent'] as const;
const STATES: readonly string[] = ['active', 'released', 'expired', 'declined'] satisfies LeaseState[];

type Field = (typeof FIELDS)[number];
/** A lease as text: times in ISO 8601 (UTC), `never` for a lease without end. */
type Row = Partial<Record<Field, string>>;

/** Leases as a JSON array; times are ISO 8601 (UTC), `never` for a lease without end. */
export function leasesToJson(leases: Iterable<Lease>): string {
  return `${JSON.stringify([...leases].map(toRow), null, 2)}\n`;
}

/** Leases as CSV (RFC 4180) with a header line. */
export function leasesToCsv(leases: Iterable<Lease>): string {
  const lines = [...leases].map((lease) => {
    const row = toRow(lease);
    return FIELDS.map((field) => quote(row[field] ?? '')).join(',');
  });
  return `${[FIELDS.join(','), ...lines].join('\r\n')}\r\n`;
}

/** @throws DHCP_SERVER_LEASE_FORMAT naming the entry and the field */
export function leasesFromJson(text: string): Lease[] {
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch (cause) {
    throw new DhcpServerError('DHCP_SERVER_LEASE_FORMAT', `Not JSON: ${(cause as Error).message}`, { cause });
  }
  if (!Array.isArray(entries)) throw new DhcpServerError('DHCP_SERVER_LEASE_FORMAT', 'Expected an array of leases');
  return entries.map((entry, n) => fromRow(entry as Row, `entry ${n + 1}`));
}

/** @throws DHCP_SERVER_LEASE_FORMAT naming the line and the field */
export function leasesFromCsv(text: string): Lease[] {
  const [header, ...records] = parseCsv(text);
  if (header === undefined) return [];
  for (const field of ['address', 'client', 'expires'])
    if (!header.includes(field)) throw new DhcpServerError('DHCP_SERVER_LEASE_FORMAT', `The first line names no column "${field}"`);
  return records.map((record, n) =>
    fromRow(Object.fromEntries(header.map((field, at) => [field, record[at] || undefined])), `record ${n + 1}`),
  );
}

function toRow(lease: Lease): Row {
  const row: Row = {};
  for (const field of FIELDS) {
    const value = lease[field];
    if (value === undefined) continue;
    row[field] = typeof value === 'string' ? value : value === Number.POSITIVE_INFINITY ? 'never' : new Date(value).toISOString();
  }
  return row;
}

function fromRow(row: Row, where: string): Lease {
  const text = (field: Field): string | undefined => {
    const value = row?.[field];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw malformed(where, field, value);
    return value;
  };
  const time = (field: Field): number => {
    const value = text(field);
    const milliseconds = value === 'never' ? Number.POSITIVE_INFINITY : Date.parse(value ?? '');
    if (Number.isNaN(milliseconds)) throw malformed(where, field, value);
    return milliseconds;
  };
  const address = text('address');
  if (address === undefined || parseIpv4(address) === undefined) throw malformed(where, 'address', address);
  const state = text('state') ?? 'active';
  if (!STATES.includes(state)) throw malformed(where, 'state', state);
  const client = text('client');
  if (client === undefined) throw malformed(where, 'client', client);
  const renewed = row.renewed === undefined ? time('expires') : time('renewed');
  return {
    address,
    client,
    hardware: text('hardware') ?? '',
    clientId: text('clientId'),
    hostname: text('hostname'),
    state: state as LeaseState,
    started: row.started === undefined ? renewed : time('started'),
    renewed,
    expires: time('expires'),
    relayAgent: text('relayAgent'),
  };
}

function malformed(where: string, field: string, value: unknown): DhcpServerError {
  return new DhcpServerError('DHCP_SERVER_LEASE_FORMAT', `${where}: ${field} is ${JSON.stringify(value)}`);
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    let value = '';
    if (text[at] === '"') {
      for (at++; at < text.length; at++) {
        if (text[at] === '"' && text[++at] !== '"') break;
        value += text[at];
      }
    } else while (at < text.length && text[at] !== ',' && text[at] !== '\n' && text[at] !== '\r') value += text[at++];
    record.push(value);
    if (text[at] === ',') {
      at++;
      if (at === text.length) record.push('');
      continue;
    }
    while (text[at] === '\r' || text[at] === '\n') at++;
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  }
  return records;
}
