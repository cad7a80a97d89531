import { DhcpServerError } from './errors.js';
import type { Hooks } from './hooks.js';

const MAX_KINDS = 100;

/** Calls the user's hooks, and tells of trouble without telling the same twice. */
export class HookCalls {
  readonly #hooks: Hooks;
  readonly #reported = new Set<string>();
  /** Whether any hook is told why a decision was made. */
  readonly areTraced: boolean;

  constructor(hooks: Hooks) {
    this.#hooks = hooks;
    const { onOffer, onLease, onRelease, onDecline, onReply, onDrop } = hooks;
    this.areTraced = [onOffer, onLease, onRelease, onDecline, onReply, onDrop].some((each) => each !== undefined);
  }

  /** Runs a hook; what it throws is its own affair. */
  call<N extends keyof Hooks>(name: N, event: Parameters<NonNullable<Hooks[N]>>[0]): void {
    const hooks = this.#hooks as Record<N, ((event: unknown) => unknown) | undefined>;
    if (hooks[name] === undefined) return;
    try {
      const result = hooks[name](event);
      if (result instanceof Promise) result.catch((cause: Error) => this.#threw(name, cause));
    } catch (cause) {
      this.#threw(name, cause as Error);
    }
  }

  #threw(name: keyof Hooks, cause: Error): void {
    if (name === 'onError') return;
    this.report(new DhcpServerError('DHCP_SERVER_HOOK', `${name} threw: ${cause.message}`, { cause }), name);
  }

  /** Each kind of trouble once; at most a hundred kinds. Without a kind, each time. */
  report(error: DhcpServerError, kind?: string): void {
    if (kind !== undefined) {
      if (this.#reported.has(kind) || this.#reported.size >= MAX_KINDS) return;
      this.#reported.add(kind);
    }
    this.call('onError', error);
  }
}
