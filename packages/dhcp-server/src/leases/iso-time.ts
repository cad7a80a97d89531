const REMEMBERED = 256;
const seconds = new Array<number>(REMEMBERED).fill(Number.NaN);
const texts = new Array<string>(REMEMBERED).fill('');

/**
 * Milliseconds since 1970 as `2026-11-26T10:00:00.000Z`. The leases of one commit begin and end within the same few seconds: those are formatted once,
 * since formatting the three times of a lease takes longer than storing it.
 */
export function isoTime(time: number): string {
  const milliseconds = Math.trunc(time);
  const second = Math.floor(milliseconds / 1000);
  const slot = second & (REMEMBERED - 1);
  if (seconds[slot] !== second) {
    texts[slot] = new Date(second * 1000).toISOString().slice(0, -4);
    seconds[slot] = second;
  }
  const rest = milliseconds - second * 1000;
  return `${texts[slot]}${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}Z`;
}
