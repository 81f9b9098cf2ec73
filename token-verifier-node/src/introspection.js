import { stopwatch } from './replica.js';

const MOST_AT_ONCE = 64;
const LEFT_ALONE = 1_000;

/**
 * The issuer's own word on one token, RFC 7662. An issuer that has just failed to answer is left alone for a second, in
 * which nobody waits for it; then one token tries again, while the others go on without an answer.
 */
export class Introspection {
  #issuer;
  #clock;
  #timeout;
  #atOnce = 0;
  /** How long ago it failed, or was last tried since. */
  #sinceFailure;

  constructor({ issuer, clock, introspectionTimeout }) {
    this.#issuer = issuer;
    this.#clock = clock;
    this.#timeout = introspectionTimeout;
  }

  /** Whether the token is active; undefined when there is no answer. */
  async isActive(token) {
    if (this.#atOnce >= MOST_AT_ONCE || this.#sinceFailure?.() < LEFT_ALONE) return undefined;
    if (this.#sinceFailure) this.#sinceFailure = stopwatch(this.#clock);
    this.#atOnce++;
    try {
      const active = await this.#issuer.isActive(token, this.#timeout);
      this.#sinceFailure = undefined;
      return active;
    } catch {
      this.#sinceFailure = stopwatch(this.#clock);
      return undefined;
    } finally {
      this.#atOnce--;
    }
  }
}
