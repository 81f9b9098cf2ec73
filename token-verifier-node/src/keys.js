import { setTimeout as pause } from 'node:timers/promises';
import { createLocalJWKSet } from 'jose';
import { Backoff } from './feed.js';
import { stopwatch } from './replica.js';

const LONGEST_KID = 256;
const PATIENCE = 2_000;

/**
 * The issuer's published keys, fetched in the background as often as `max-age` says, within bounds; the ones held stay
 * good while a fetch fails. Tokens with an unknown `kid` cause one fetch in each cool-down, however many they are. A rule
 * against a key ends the cool-down: a new key is then likely, and the rule came from the issuer.
 */
export class Keys {
  #issuer;
  #clock;
  #coolDown;
  #log;
  #keys = new Map();
  #backoff = new Backoff(100);
  #inFlight;
  #timer;
  #sinceForced = () => Infinity;
  #closed = false;

  constructor({ issuer, clock, unknownKeyCoolDown, log }) {
    this.#issuer = issuer;
    this.#clock = clock;
    this.#coolDown = unknownKeyCoolDown;
    this.#log = log;
  }

  get available() {
    return this.#keys.size > 0;
  }

  /** The key that a header names and that serves its algorithm, or undefined. */
  async find(header, token) {
    const { kid } = header;
    if (typeof kid !== 'string' || kid.length > LONGEST_KID || !this.available) return undefined;
    if (!this.#keys.has(kid)) await this.#fetchForUnknown();
    return this.#keys.get(kid)?.(header, token).catch(() => undefined);
  }

  expectNewKey() {
    this.#sinceForced = () => Infinity;
    this.refresh();
  }

  refresh() {
    if (!this.#closed) this.#inFlight ??= this.#fetch().finally(() => (this.#inFlight = undefined));
    return this.#inFlight;
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #fetchForUnknown() {
    if (!this.#inFlight) {
      if (this.#sinceForced() < this.#coolDown) return;
      this.#sinceForced = stopwatch(this.#clock);
    }
    await Promise.race([this.refresh(), pause(PATIENCE, undefined, { ref: false })]);
  }

  async #fetch() {
    let next = this.#backoff.next(5_000);
    try {
      const { jwks, cacheControl } = await this.#issuer.jwks();
      this.#keys = usable(jwks);
      this.#backoff.reset();
      next = lifetime(cacheControl);
    } catch (failure) {
      this.#issuer.forget();
      this.#log(`The issuer's keys could not be fetched: ${failure.message}`);
    }
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => this.refresh(), next).unref();
  }
}

function usable({ keys }) {
  const signing = (Array.isArray(keys) ? keys : []).filter(
    (key) => typeof key?.kid === 'string' && (key.use ?? 'sig') === 'sig' && key.kty !== 'oct',
  );
  if (signing.length === 0) throw new Error('the issuer publishes no key that could be used');
  return new Map(signing.map((key) => [key.kid, createLocalJWKSet({ keys: [key] })]));
}

function lifetime(cacheControl) {
  const seconds = Number(/(?:^|[ ,])max-age="?([0-9]{1,9})/i.exec(cacheControl)?.[1] ?? 300);
  return Math.max(30, Math.min(seconds, 900)) * 1000;
}
