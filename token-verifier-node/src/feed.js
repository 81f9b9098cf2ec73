import { setTimeout as pause } from 'node:timers/promises';
import { Acknowledgements } from './acknowledgements.js';
import { CredentialsRefused } from './issuer.js';
import { stopwatch } from './replica.js';

const SILENCE = 3_000;
const STEADY = 5_000;
const LONGEST_EVENT = 64 * 1024;

/** Delays between attempts: they double up to a bound, and a random half keeps many verifiers from moving in step. */
export class Backoff {
  #first;
  #failures = 0;

  constructor(first) {
    this.#first = first;
  }

  next(longest) {
    const ceiling = Math.min(longest, this.#first * 2 ** Math.min(this.#failures++, 20));
    return (ceiling * (1 + Math.random())) / 2;
  }

  reset() {
    this.#failures = 0;
  }
}

/** Server-sent events out of bytes, as the HTML standard says in section 9.2.6. */
export class EventParser {
  #decoder = new TextDecoder();
  #text = '';
  #afterReturn = false;
  #fields = {};

  *parse(bytes) {
    let text = this.#decoder.decode(bytes, { stream: true });
    if (text === '') return;
    if (this.#afterReturn && text.startsWith('\n')) text = text.slice(1);
    this.#afterReturn = text.endsWith('\r');
    const lines = (this.#text + text).split(/\r\n|\n|\r/);
    this.#text = lines.pop();
    for (const line of lines) yield* this.#line(line);
    if (this.#text.length + (this.#fields.data?.length ?? 0) > LONGEST_EVENT) {
      throw new Error('an event of the feed is too long');
    }
  }

  *#line(line) {
    if (line === '') {
      const { id, event = 'message', data } = this.#fields;
      this.#fields = {};
      if (data !== undefined) yield { id, event, data };
      return;
    }
    const [, field, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line);
    if (field === 'id' || field === 'event') this.#fields[field] = value ?? '';
    if (field === 'data') {
      const { data } = this.#fields;
      this.#fields.data = data === undefined ? (value ?? '') : `${data}\n${value ?? ''}`;
    }
  }
}

/**
 * Keeps the copy of the rules up to date: takes a snapshot when one is needed, follows the feed from there, and begins
 * again, after growing delays, when the connection ends, falls silent, or says what it should not.
 */
export class Follower {
  #replica;
  #keys;
  #issuer;
  #clock;
  #log;
  #acknowledgements;
  #backoff = new Backoff(50);
  #closed = new AbortController();
  #connection;
  #snapshotNeeded = true;
  #troubled = false;
  /** How often in a row the issuer has refused this service's credentials. */
  #refusals = 0;

  constructor({ replica, keys, issuer, clock, log }) {
    this.#replica = replica;
    this.#keys = keys;
    this.#issuer = issuer;
    this.#clock = clock;
    this.#log = log;
    this.#acknowledgements = new Acknowledgements({ issuer, clock });
  }

  async run() {
    while (!this.#closed.signal.aborted) {
      await this.#attempt();
      // A first refusal may be a mistake of the moment; a second one will not go away by asking often.
      const longest = this.#refusals > 1 ? 30_000 : 2_000;
      await pause(this.#backoff.next(longest), undefined, { signal: this.#closed.signal }).catch(() => {});
    }
  }

  close() {
    this.#closed.abort();
    this.#connection?.destroy();
  }

  async #attempt() {
    const begun = stopwatch(this.#clock);
    try {
      if (this.#snapshotNeeded) {
        this.#replica.load(await this.#issuer.snapshot());
        this.#snapshotNeeded = false;
      }
      this.#snapshotNeeded = (await this.#follow()) === 'take a snapshot';
    } catch (failure) {
      this.#complain(failure);
    }
    if (begun() > STEADY) this.#backoff.reset();
  }

  /** Reads until something else has to be done. */
  async #follow() {
    this.#closed.signal.throwIfAborted();
    let sinceHeard = stopwatch(this.#clock);
    this.#replica.connecting();
    this.#keys.connecting();
    const bytes = (this.#connection = await this.#issuer.feed(this.#replica.position, SILENCE));
    const silence = setTimeout(() => bytes.destroy(new Error('nothing was heard for 3 s')), SILENCE);
    try {
      this.#closed.signal.throwIfAborted();
      this.#refusals = 0;
      const parser = new EventParser();
      for await (const piece of bytes) {
        if (sinceHeard() > SILENCE) throw new Error('this process stood still, and what has piled up may be old');
        sinceHeard = stopwatch(this.#clock);
        silence.refresh();
        const [first, next] = [this.#replica.next, this.#apply(parser.parse(piece))];
        if (this.#replica.next !== first) this.#acknowledgements.applied(first, this.#replica.position);
        if (next !== 'read on') return next;
      }
      throw new Error('the issuer closed the feed');
    } finally {
      clearTimeout(silence);
      bytes.destroy();
    }
  }

  #apply(events) {
    try {
      for (const event of events) {
        if (event.event === 'keys') this.#keys.take(event.data);
        const next = this.#replica.apply(event);
        if (next !== 'read on') return next;
      }
    } catch (nonsense) {
      this.#complain(nonsense);
      return 'take a snapshot';
    }
    if (this.#troubled && this.#replica.fresh) {
      this.#troubled = false;
      this.#log(`The revocation feed is followed again, at ${this.#replica.position}`);
    }
    return 'read on';
  }

  /** One line for each trouble, not for each attempt. */
  #complain(failure) {
    if (failure instanceof CredentialsRefused) this.#refusals++;
    if (this.#troubled || this.#closed.signal.aborted) return;
    this.#troubled = true;
    this.#log(`The revocation feed cannot be followed, trying again: ${failure.message}`);
  }
}
