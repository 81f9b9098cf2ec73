import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { stopwatch } from './replica.js';

const BETWEEN = 200;

/** A running verifier's name in receipts: 1 to 128 of certain characters. */
export const isInstanceName = (name) => /^[A-Za-z0-9._:@-]{1,128}$/.test(name);

export function instanceName(host = hostname()) {
  const suffix = randomBytes(3).toString('hex');
  return host.length <= 100 && isInstanceName(host) ? `${host}.${suffix}` : suffix;
}

/** Tells the issuer how far this verifier has got: one message at a time, at most five in a second. */
export class Acknowledgements {
  #issuer;
  #clock;
  #waiting;
  #busy = false;

  constructor({ issuer, clock }) {
    this.#issuer = issuer;
    this.#clock = clock;
  }

  /** Everything from the first to the last entry has been applied. */
  applied(first, last) {
    this.#waiting = { first, since: stopwatch(this.#clock), ...this.#waiting, position: last };
    if (!this.#busy) this.#send();
  }

  /** One that fails is not repeated: the next says more. */
  async #send() {
    this.#busy = true;
    while (this.#waiting) {
      const { since, ...applied } = this.#waiting;
      this.#waiting = undefined;
      await this.#issuer.acknowledge({ ...applied, held_ms: Math.round(since()) }).catch(() => {});
      await pause(BETWEEN, undefined, { ref: false });
    }
    this.#busy = false;
  }
}
