import { type Loader, prefixed, resolvePath } from '../paths.js';

/** Where a name in a configuration leads: a path on the server the loader came from, or another place. */
export type Place = { type: 'path'; path: string } | { type: 'url'; url: string };

export function placeOf(name: string, { loader = 'pxelinux', file = '' }: { loader?: Loader; file?: string }): Place {
  if (loader === 'pxelinux' && prefixed(name, '') === undefined) {
    const [host = '', path = ''] = name.split('::');
    return { type: 'url', url: /^[a-z]+:\/\//i.test(name) ? name : `tftp://${host}/${path}` };
  }
  const base = loader === 'pxelinux' ? '' : file.slice(0, Math.max(0, file.lastIndexOf('/')));
  return { type: 'path', path: resolvePath(name, { loader, base }) ?? name };
}

/** What linux.c32 is given: a kernel with its options, among them any number of `initrd=` and `initrdfile=`. */
export function linuxParts(line: string): { kernel: string; args: string; initrds: string[] } {
  const { file, args } = splitCommand(line);
  const initrds = args.split(/\s+/).flatMap((word) => (/^initrd(file)?=/.test(word) ? word.slice(word.indexOf('=') + 1).split(',') : []));
  return { kernel: file, args: args.replace(/(^|\s)initrd(file)?=\S*/g, '').trim(), initrds };
}

/** Groups of words between `---`, as mboot.c32 takes its arguments: the kernel with its options, then modules. */
export function multibootParts(args: string): string[] {
  return args
    .split(/\s---(?:\s|$)/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** File name and the rest of a command line. */
export function splitCommand(line: string): { file: string; args: string } {
  const [file = ''] = line.split(/\s/, 1);
  return { file, args: line.slice(file.length).trim() };
}

/** The drive and partition that chain.c32 is given: `hd0 1`. */
export function chainTarget(args: string): { drive: number; floppy: boolean; partition: number | undefined; rest: string } | undefined {
  const found = /^(?:boot|(hd|fd)(\d{1,2}))(?:[ ,](\d{1,2}))?(?=\s|$)/.exec(args.trim());
  if (!found) return undefined;
  return {
    drive: Number(found[2] ?? 0),
    floppy: found[1] === 'fd',
    partition: found[3] === undefined || found[3] === '0' ? undefined : Number(found[3]),
    rest: args.trim().slice(found[0].length).trim(),
  };
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Gives out names once: a number goes behind one that is taken. */
export class Names {
  readonly #taken = new Set<string>();
  readonly #next = new Map<string, number>();

  take(wanted: string): string {
    let name = wanted;
    let number = this.#next.get(wanted) ?? 2;
    while (this.#taken.has(name)) name = `${wanted}-${number++}`;
    this.#next.set(wanted, number);
    this.#taken.add(name);
    return name;
  }
}
