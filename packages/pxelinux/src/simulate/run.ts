import type { Reading } from '../evaluate/include.js';
import { wordEnd } from '../evaluate/text.js';
import { normalizePath, prefixed } from '../paths.js';
import { type BootClient, pathPrefix } from '../search.js';
import type { BootRequest, SimulateOptions } from './outcome.js';

/** A file that is asked for. */
interface Question {
  path: string;
  /** Whether the text is wanted, or only whether the file is there. */
  content: boolean;
}
/** A simulation that asks for files. */
export type Steps<Result> = Generator<Question, Result, string | undefined>;

/** What the simulations of all loaders share: asking for files and keeping the list. */
export class Run {
  readonly client: BootClient;
  readonly select: string | undefined;
  readonly requests: BootRequest[] = [];
  prefix: string;
  waits = false;
  label: string | undefined;

  constructor(client: BootClient, { loader = 'pxelinux', select }: SimulateOptions) {
    this.client = client;
    this.select = select;
    this.prefix = pathPrefix(client, { loader });
  }

  *ask(path: string | undefined, name: string, purpose: BootRequest['purpose'], content: boolean): Steps<string | undefined> {
    if (path === undefined) {
      this.requests.push({ path: name, purpose, found: true });
      return content ? undefined : '';
    }
    const answer = yield { path: normalizePath(path), content };
    this.requests.push({ path, purpose, found: answer !== undefined });
    return answer;
  }

  /** Answers the requests of an evaluation. */
  *read<Model>(reading: Reading<Model>): Steps<Model> {
    let step = reading.next();
    while (!step.done) {
      const { path, purpose } = step.value;
      step = reading.next(yield* this.ask(prefixed(fileName(path), this.prefix), path, purpose, purpose === 'include'));
    }
    return step.value;
  }
}

/** File names end at the first blank and at 255 bytes. */
export function fileName(name: string): string {
  return name.slice(0, Math.min(wordEnd(name, 0), 255));
}
