/** The releases whose language is known: Fedora Core 3 to Fedora 45, RHEL 3 to 11. */
const FEDORA = ['FC3', 'FC4', 'FC5', 'FC6', ...Array.from({ length: 39 }, (_, index) => `F${index + 7}`)];
const RHEL = ['RHEL3', 'RHEL4', 'RHEL5', 'RHEL6', 'RHEL7', 'RHEL8', 'RHEL9', 'RHEL10', 'RHEL11'];

/** The name of a release as pykickstart writes it: `FC3` to `FC6`, `F7` to `F45`, `RHEL3` to `RHEL11`. */
export type Release = string;

/** All releases, Fedora first, each line from old to new. */
export const RELEASES: readonly Release[] = [...FEDORA, ...RHEL];

const INDEX: ReadonlyMap<string, number> = new Map(RELEASES.map((release, index) => [release, index]));

const LAST_FEDORA = FEDORA[FEDORA.length - 1] as string;
const LAST_RHEL = RHEL[RHEL.length - 1] as string;

/** Distributions that read RHEL's kickstart language, by the names people give them. */
const REBUILDS =
  /^(?:centos(?:[ -]?(?:linux|stream))?|rocky(?:[ -]?linux)?|alma(?:[ -]?linux)?|oracle(?:[ -]?linux)?|ol|el|scientific(?:[ -]?linux)?|rhel|red[ -]?hat(?:[ -]?enterprise)?(?:[ -]?linux)?)$/;

/** Longer names are none. */
const MAX_NAME = 80;

/** Amazon Linux: 2 is built from RHEL 7, 2023 from Fedora 34 to 36. */
const AMAZON: ReadonlyMap<string, Release> = new Map([
  ['1', 'RHEL6'],
  ['2', 'RHEL7'],
  ['2023', 'F34'],
]);

/**
 * The release that a name stands for, whatever its case: `RHEL9`, `rhel 9.4`, `CentOS-7`, `Rocky Linux 9`, `alma9`, `ol8`, `amazon2023`,
 * `fedora 40`, `f40`. `DEVEL` and `rawhide` are the newest Fedora.
 *
 * @returns `undefined` for a name or a version that is not known
 */
export function resolveRelease(name: string): Release | undefined {
  const text = name.trim();
  if (text.length > MAX_NAME) return undefined;
  const upper = text.toUpperCase();
  if (INDEX.has(upper)) return upper;
  const lower = text.toLowerCase();
  if (lower === 'devel' || lower === 'rawhide' || lower === 'fedora-rawhide') return LAST_FEDORA;
  let digits = lower.length;
  while (digits > 0 && /[\d.]/.test(lower[digits - 1] as string)) digits--;
  const family = lower.slice(0, digits).replace(/[\s_:-]+$/, '');
  const major = lower.slice(digits).split('.')[0] as string;
  if (major === '') return undefined;
  if (/^(?:amazon(?:[ -]?linux)?|amzn|al)$/.test(family)) return AMAZON.get(major);
  if (/^(?:fedora(?:[ -]?(?:core|linux))?|fc|f)$/.test(family)) {
    const number = Number(major);
    const release = number < 7 ? `FC${number}` : `F${number}`;
    return INDEX.has(release) ? release : undefined;
  }
  if (REBUILDS.test(family)) return INDEX.has(`RHEL${Number(major)}`) ? `RHEL${Number(major)}` : undefined;
  return undefined;
}

/** What a release is called in a sentence: `RHEL 9`, `Fedora 40`. */
export function releaseTitle(release: Release): string {
  return release
    .replace(/^RHEL/, 'RHEL ')
    .replace(/^FC/, 'Fedora Core ')
    .replace(/^F(?=\d)/, 'Fedora ');
}

const ranges = new Map<string, (index: number) => boolean>();

/** Whether a release lies in a range such as `FC3-F8,RHEL3-RHEL5` or `F17-,RHEL7-`. */
export function inRange(range: string | undefined, release: Release): boolean {
  if (range === undefined) return false;
  let test = ranges.get(range);
  if (test === undefined) {
    const parts = range.split(',').map((part) => {
      const [first = '', last] = part.split('-');
      const newest = first.startsWith('RHEL') ? LAST_RHEL : LAST_FEDORA;
      return [INDEX.get(first) as number, INDEX.get(last === undefined ? first : last === '' ? newest : last) as number] as const;
    });
    test = (index) => parts.some(([first, last]) => first <= index && index <= last);
    ranges.set(range, test);
  }
  return test(INDEX.get(release) ?? -1);
}
