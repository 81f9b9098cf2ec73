import { Rules, follows, isObject, position, positionText, rule } from './rules.js';

const BETWEEN_SWEEPS = 30_000;
const LARGEST_AGE = 86_400_000;

/** A wall clock and one that nobody sets, in milliseconds. The larger of both spans counts, so that a sleep does too. */
export const systemClock = {
  wall: () => Date.now(),
  steady: () => performance.now(),
};

export function stopwatch(clock) {
  const [wall, steady] = [clock.wall(), clock.steady()];
  return () => Math.max(0, clock.wall() - wall, clock.steady() - steady);
}

/**
 * This service's copy of the issuer's rules, the log's position that it has reached, and how old that knowledge may be.
 * A snapshot is added to what is held: a rule never takes a refusal back, so a log that lost its end cannot make a
 * revoked token good again here.
 */
export class Replica {
  #issuer;
  #skew;
  #bound;
  #clock;
  #onKeyRevoked;
  #log;
  #rules = new Rules();
  #position = 0n;
  #unenforceableUntil = -Infinity;
  #sinceStart;
  #sinceRequest;
  /** How far the issuer's clock has run ahead of this one's since the request, at least. */
  #ahead = 0;
  #sinceHeartbeat;
  #age = 0;
  #sinceSweep;

  constructor({ issuer, clockSkew, stalenessBound, clock, onKeyRevoked = () => {}, log = () => {} }) {
    this.#issuer = issuer;
    this.#skew = clockSkew;
    this.#bound = stalenessBound;
    this.#clock = clock;
    this.#onKeyRevoked = onKeyRevoked;
    this.#log = log;
    this.#sinceStart = this.#sinceRequest = this.#sinceSweep = stopwatch(clock);
  }

  get ready() {
    return this.#sinceHeartbeat !== undefined;
  }

  get fresh() {
    return this.ready && this.staleness <= this.#bound && this.#unenforceableUntil <= this.#forgotten();
  }

  get staleness() {
    return this.ready ? this.#sinceHeartbeat() + this.#age : this.#sinceStart();
  }

  get position() {
    return positionText(this.#position);
  }

  /** The position of the entry that has to come next. */
  get next() {
    return positionText(this.#position + 1n);
  }

  get size() {
    return this.#rules.size;
  }

  refuses(target) {
    return this.#rules.refuse(target);
  }

  load(snapshot) {
    if (snapshot.issuer !== this.#issuer) throw new Error('the snapshot is that of another issuer');
    if (!Array.isArray(snapshot.rules)) throw new Error('the snapshot has no rules');
    const at = required(snapshot.position);
    this.#unenforceableUntil = -Infinity;
    snapshot.rules.forEach((json) => this.#add(json));
    this.#position = at;
  }

  /** The request for the feed is about to be sent: no heartbeat was sent earlier than it says that has passed since. */
  connecting() {
    this.#sinceRequest = stopwatch(this.#clock);
    this.#ahead = 0;
  }

  /** Takes in an event of the feed, and says what to do next. */
  apply({ id, event, data }) {
    switch (event) {
      case 'rule':
        return this.#entry(required(id), object(data));
      case 'heartbeat':
        return this.#heartbeat(object(data));
      case 'reset':
        return 'take a snapshot';
      case 'reconnect':
        return 'connect again';
      default:
        return 'read on';
    }
  }

  #entry(id, json) {
    if (id <= this.#position) return 'read on';
    if (!follows(id, this.#position)) return 'take a snapshot';
    this.#add(json);
    this.#position = id;
    return 'read on';
  }

  /** A position behind this copy's means that the log was rewound, so that what follows would pass for known. */
  #heartbeat(json) {
    if (required(json.position) !== this.#position) return 'take a snapshot';
    if (!Number.isFinite(json.age_ms) || !Number.isFinite(json.elapsed_ms)) throw new Error('a heartbeat without its age');
    const lateness = this.#lateness(json.elapsed_ms);
    if (lateness > this.#bound / 2) return 'connect again';
    this.#age = lateness + Math.max(0, Math.min(json.age_ms, LARGEST_AGE));
    this.#sinceHeartbeat = stopwatch(this.#clock);
    if (this.#sinceSweep() > BETWEEN_SWEEPS) {
      this.#rules.forget(this.#forgotten());
      this.#sinceSweep = stopwatch(this.#clock);
    }
    return 'read on';
  }

  /** None comes before it was sent: where it looks so, the issuer's clock is ahead, which would hide how late others are. */
  #lateness(elapsed) {
    const lateness = this.#sinceRequest() - elapsed + this.#ahead;
    if (lateness >= 0) return lateness;
    this.#ahead -= lateness;
    return 0;
  }

  #add(json) {
    const read = rule(json);
    if (read.kind === undefined) {
      this.#log('A revocation rule cannot be enforced here, so that the copy of the rules is stale while it is in force');
      this.#unenforceableUntil = Math.max(this.#unenforceableUntil, read.expires);
      return;
    }
    this.#rules.add(read);
    if (read.kind === 'kid') this.#onKeyRevoked();
  }

  /** Rules that expired by this second can refuse nothing that the clock's allowance would let pass. */
  #forgotten() {
    return Math.floor(this.#clock.wall() / 1000) - this.#skew;
  }
}

function required(text) {
  const read = position(text);
  if (read === undefined) throw new Error('a position is missing');
  return read;
}

function object(text) {
  const json = JSON.parse(text);
  if (!isObject(json)) throw new Error('no JSON object');
  return json;
}
