import { createPublicKey } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createLocalJWKSet } from 'jose';
import { Backoff } from './feed.js';
import { stopwatch } from './replica.js';

const LONGEST_KID = 256;
const PATIENCE = 2_000;
const LEAST_RSA_BITS = 2048;

/**
 * The issuer's published keys. The feed brings them; while it does not, they are fetched in the background as often as
 * `max-age` says, within bounds, and a rule against a key has them fetched at once, because a new key is then likely. The
 * ones held stay good while a fetch fails. Tokens with an unknown `kid` cause one fetch in each cool-down, however many
 * they are.
 */
export class Keys {
  #issuer;
  #clock;
  #coolDown;
  #feedIsFresh;
  #log;
  #keys = new Map();
  /** Whether the feed's present connection has brought keys. */
  #brought = false;
  /** What the feed has left out: a fetch, whose answer may come from a cache, does not bring it back. */
  #withdrawn = new Set();
  #backoff = new Backoff(100);
  #inFlight;
  #timer;
  #sinceForced = () => Infinity;
  #closed = false;

  constructor({ issuer, clock, unknownKeyCoolDown, feedIsFresh = () => false, log }) {
    this.#issuer = issuer;
    this.#clock = clock;
    this.#coolDown = unknownKeyCoolDown;
    this.#feedIsFresh = feedIsFresh;
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

  /** The feed is about to be connected to: an older issuer's brings no keys. */
  connecting() {
    this.#brought = false;
  }

  /** Takes the JWK set of a feed's event in place of the one held, unless it is of no use. */
  take(text) {
    try {
      const keys = usable(JSON.parse(text));
      for (const kid of this.#keys.keys()) this.#withdrawn.add(kid);
      for (const kid of keys.keys()) this.#withdrawn.delete(kid);
      this.#keys = keys;
      this.#brought = true;
    } catch (nonsense) {
      this.#log(`The feed has brought keys that are of no use: ${nonsense.message}`);
    }
  }

  get #fed() {
    return this.#brought && this.#feedIsFresh();
  }

  expectNewKey() {
    if (this.#fed) return;
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
    const before = this.#keys;
    try {
      const { jwks, cacheControl } = await this.#issuer.jwks();
      // What the feed has brought meanwhile is newer.
      if (this.#keys === before) this.#keys = this.#merged(usable(jwks));
      this.#backoff.reset();
      next = lifetime(cacheControl);
    } catch (failure) {
      this.#issuer.forget();
      this.#log(`The issuer's keys could not be fetched: ${failure.message}`);
    }
    this.#fetchLater(next);
  }

  #fetchLater(delay) {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => (this.#fed ? this.#fetchLater(delay) : this.refresh()), delay).unref();
  }

  /** While the feed brings the keys, a fetch only adds to them. */
  #merged(fetched) {
    if (this.#fed) return new Map([...[...fetched].filter(([kid]) => !this.#withdrawn.has(kid)), ...this.#keys]);
    this.#withdrawn.clear();
    return fetched;
  }
}

function usable(jwks) {
  const signing = (Array.isArray(jwks?.keys) ? jwks.keys : []).filter(
    (key) => typeof key?.kid === 'string' && (key.use ?? 'sig') === 'sig' && key.kty !== 'oct' && isReadable(key),
  );
  if (signing.length === 0) throw new Error('the issuer publishes no key that could be used');
  return new Map(signing.map((key) => [key.kid, createLocalJWKSet({ keys: [key] })]));
}

function isReadable(key) {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey({ key, format: 'jwk' });
    return asymmetricKeyType !== 'rsa' || asymmetricKeyDetails.modulusLength >= LEAST_RSA_BITS;
  } catch {
    return false;
  }
}

function lifetime(cacheControl) {
  const seconds = Number(/(?:^|[ ,])max-age="?([0-9]{1,9})/i.exec(cacheControl)?.[1] ?? 300);
  return Math.max(30, Math.min(seconds, 900)) * 1000;
}
