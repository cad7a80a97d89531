import type { FtpEntry } from './tree.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const HALF_A_YEAR = 182 * 86_400_000;

/** `YYYYMMDDHHMMSS` in UTC (RFC 3659 section 2.3). */
export function timeVal(date: Date): string {
  return date.toISOString().slice(0, 19).replace(/[-:T]/g, '');
}

function unixTime(date: Date, now: number): string {
  const [, , day, hour, minute] = [0, 0, date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes()];
  const two = (value: number) => String(value).padStart(2, '0');
  const recent = date.getTime() <= now && now - date.getTime() < HALF_A_YEAR;
  const last = recent ? `${two(hour)}:${two(minute)}` : ` ${date.getUTCFullYear()}`;
  return `${MONTHS[date.getUTCMonth()]} ${String(day).padStart(2)} ${last}`;
}

/** LIST: the form of `ls -l`, which every client reads. `now` in milliseconds since 1970. */
export function unixListing(entries: readonly FtpEntry[], now: number): string {
  return entries
    .map(({ name, isFolder, size, modified }) => {
      const mode = isFolder ? 'dr-xr-xr-x' : '-r--r--r--';
      return `${mode}   1 ftp      ftp      ${String(isFolder ? 4096 : size).padStart(12)} ${unixTime(modified, now)} ${name}\r\n`;
    })
    .join('');
}

/** NLST: names only. */
export function nameListing(entries: readonly FtpEntry[]): string {
  return entries.map(({ name }) => `${name}\r\n`).join('');
}

/** One entry with its facts (RFC 3659 section 7.2). */
export function machineEntry({ name, isFolder, size, modified }: FtpEntry): string {
  const facts = [`type=${isFolder ? 'dir' : 'file'}`, `modify=${timeVal(modified)}`, `perm=${isFolder ? 'el' : 'r'}`];
  if (!isFolder) facts.push(`size=${size}`);
  return `${facts.join(';')}; ${name}`;
}

/** MLSD: one entry a line. */
export function machineListing(entries: readonly FtpEntry[]): string {
  return entries.map((entry) => `${machineEntry(entry)}\r\n`).join('');
}
