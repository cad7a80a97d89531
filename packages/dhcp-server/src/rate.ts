/** A bucket of permissions per source: filled at `perSecond`, never above `burst`. Remembers at most `sources` sources. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #sources: number;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(perSecond: number, burst: number, sources = 4096) {
    this.#perSecond = perSecond;
    this.#burst = Math.max(1, burst);
    this.#sources = sources;
  }

  /** Whether the source has a permission left. Takes none. */
  allows(source: string, now: number): boolean {
    return this.#perSecond === Number.POSITIVE_INFINITY || this.#bucket(source, now).tokens >= 1;
  }

  take(source: string, now: number): void {
    if (this.#perSecond !== Number.POSITIVE_INFINITY) this.#bucket(source, now).tokens -= 1;
  }

  #bucket(source: string, now: number): { tokens: number; at: number } {
    let bucket = this.#buckets.get(source);
    if (bucket === undefined) {
      // The source that has been silent longest has most likely a full bucket again: forgetting it changes least.
      if (this.#buckets.size >= this.#sources) this.#buckets.delete(this.#buckets.keys().next().value!);
      bucket = { tokens: this.#burst, at: now };
    } else {
      bucket.tokens = Math.min(this.#burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * this.#perSecond);
      bucket.at = now;
      this.#buckets.delete(source);
    }
    this.#buckets.set(source, bucket);
    return bucket;
  }
}
