/** Time as the server sees it: given from outside in tests. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls once after `milliseconds`; the result cancels. */
  after(milliseconds: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
