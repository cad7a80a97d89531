import SonicBoom from 'sonic-boom';

/** What a service reports. `type` is `service.what`; the other fields depend on it (see docs/server.md). */
export interface ServerEvent {
  /** ISO 8601, UTC. */
  time: string;
  type: string;
  /** `error` and `warn` stand for what needs a look. */
  level: 'info' | 'warn' | 'error';
  mac?: string | undefined;
  machine?: string | undefined;
  peer?: string | undefined;
  [field: string]: unknown;
}

export type EventFields = Omit<ServerEvent, 'time' | 'type' | 'level'> & { level?: ServerEvent['level'] };

type Listener = (event: ServerEvent) => void;

const SECRET = /token|password|secret/i;
const secretKeys = new Map<string, boolean>();

/** Whether the values of a field are never written down. */
function isSecret(key: string): boolean {
  let known = secretKeys.get(key);
  if (known === undefined) secretKeys.set(key, (known = SECRET.test(key)));
  return known;
}

/** What is kept of lines that cannot be written, such as to a full disk, in bytes; what comes then is lost. */
const UNWRITTEN = 1_000_000;

export interface EventStreamOptions {
  /** Where JSON lines go: a path, or 1 for standard output. */
  destination?: string | number | undefined;
  now?: () => number;
  /** How many events are kept for those who come later. Default: 1000. */
  history?: number;
}

/** One stream for all services: JSON lines to a file, the latest in memory, and as many readers as there are. */
export class EventStream {
  readonly #listeners = new Set<Listener>();
  readonly #history: ServerEvent[] = [];
  readonly #limit: number;
  readonly #now: () => number;
  readonly #destination: SonicBoom | undefined;
  /** Lines that are written before the event loop turns. */
  #lines = '';
  readonly #onceKeys = new Set<string>();
  readonly #counts = new Map<string, number>();

  constructor({ destination, now = Date.now, history = 1000 }: EventStreamOptions = {}) {
    this.#limit = history;
    this.#now = now;
    if (destination !== undefined) {
      this.#destination = new SonicBoom({ dest: destination, mkdir: true, sync: true, maxLength: UNWRITTEN });
      // Machines boot without a log, too.
      this.#destination.on('error', () => {});
    }
  }

  emit(type: string, fields: EventFields = {}): ServerEvent {
    const { level = 'info' } = fields;
    const event: ServerEvent = { time: new Date(this.#now()).toISOString(), type, level };
    for (const key in fields) {
      const value = fields[key];
      if (value !== undefined && key !== 'level') event[key] = isSecret(key) ? '[hidden]' : value;
    }
    this.#counts.set(type, (this.#counts.get(type) ?? 0) + 1);
    this.#history.push(event);
    if (this.#history.length > this.#limit) this.#history.shift();
    if (this.#destination) this.#write(`${JSON.stringify(event)}\n`, level === 'info');
    for (const listener of this.#listeners) listener(event);
    return event;
  }

  /** Many small downloads at once make one write; what needs a look is written at once. */
  #write(line: string, mayWait: boolean): void {
    if (mayWait && this.#lines === '') setImmediate(() => this.#flush());
    this.#lines += line;
    if (!mayWait) this.#flush();
  }

  #flush(): void {
    if (this.#lines !== '') this.#destination?.write(this.#lines);
    this.#lines = '';
  }

  /** Emits the first time only for a key (a kind and a peer, say); always counts under `type`. */
  emitOnce(key: string, type: string, fields: EventFields): void {
    const full = `${type} ${key}`;
    if (this.#onceKeys.has(full) || this.#onceKeys.size >= 10_000) {
      this.#counts.set(type, (this.#counts.get(type) ?? 0) + 1);
      return;
    }
    this.#onceKeys.add(full);
    this.emit(type, fields);
  }

  /** How often each type happened. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  get history(): readonly ServerEvent[] {
    return this.#history;
  }

  /** Calls `listener` for each event; the function returned ends that. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Events from now on, until `signal` aborts or the reader stops. A reader that falls 10,000 behind misses the oldest. */
  async *read({ signal }: { signal?: AbortSignal } = {}): AsyncGenerator<ServerEvent> {
    const queue: ServerEvent[] = [];
    let wake: (() => void) | undefined;
    const unsubscribe = this.subscribe((event) => {
      queue.push(event);
      if (queue.length > 10_000) queue.shift();
      wake?.();
    });
    const onAbort = () => wake?.();
    signal?.addEventListener('abort', onAbort);
    try {
      while (!signal?.aborted) {
        const next = queue.shift();
        if (next) yield next;
        else
          await new Promise<void>((done) => {
            wake = done;
          });
      }
    } finally {
      unsubscribe();
      signal?.removeEventListener('abort', onAbort);
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<ServerEvent> {
    return this.read();
  }

  close(): void {
    this.#flush();
    this.#destination?.end();
    this.#listeners.clear();
  }
}
