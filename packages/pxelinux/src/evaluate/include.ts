/** A file an engine asks for while it reads. What is only shown needs no answer. */
interface FileRequest {
  path: string;
  purpose: 'include' | 'display';
}

/** An evaluation that asks for files; the answer is a text, one character per byte, or `undefined`. */
export type Reading<Result> = Generator<FileRequest, Result, string | undefined>;

/** A file that is there. */
export interface SourceText {
  file: string;
  /** One character per byte. */
  text: string;
}

/** SYSLINUX documents 16 levels and checks none; U-Boot refuses a seventeenth. */
export const MAX_DEPTH = 16;

/** Files that include others twice grow without bound below any depth, so their number is bounded, too. */
const MAX_INCLUDES = 1000;

/** Bookkeeping of what was asked for. */
export class Includes {
  /** Files read, main file first. */
  readonly files: string[];
  readonly missing: string[] = [];
  #asked = 0;

  constructor(files: readonly string[]) {
    this.files = [...files];
  }

  /** Asks for a file; one that is too deep or one too many counts as missing. */
  *read(path: string, depth: number): Reading<string | undefined> {
    const allowed = depth <= MAX_DEPTH && ++this.#asked <= MAX_INCLUDES;
    const text = allowed ? yield { path, purpose: 'include' } : undefined;
    if (text === undefined) this.missing.push(path);
    else this.files.push(path);
    return text;
  }
}
