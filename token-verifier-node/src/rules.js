/**
 * What a rule refuses, docs/revocation-feed.md. A position is one BigInt, the epoch above the seq's 64 bits, so that
 * positions compare by `<`.
 */

const POSITION = /^([0-9]{1,20})-([0-9]{1,20})$/;
const SEQ_BITS = 64n;
const TOO_LARGE = 1n << SEQ_BITS;
const MATCHES = ['jti', 'grant_id', 'sid', 'kid'];
const CUTS = ['sub', 'client_id'];

/** A position out of its text, or undefined. */
export function position(text) {
  const form = typeof text === 'string' ? POSITION.exec(text) : null;
  if (!form) return undefined;
  const [epoch, seq] = [BigInt(form[1]), BigInt(form[2])];
  return epoch < TOO_LARGE && seq < TOO_LARGE ? (epoch << SEQ_BITS) | seq : undefined;
}

export function positionText(value) {
  return `${value >> SEQ_BITS}-${value & (TOO_LARGE - 1n)}`;
}

/** Whether an entry is the very next one of its epoch. */
export function follows(next, last) {
  return next === last + 1n && next >> SEQ_BITS === last >> SEQ_BITS;
}

export const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A rule as it is held; one of a later version, or a damaged one, is of kind undefined. */
export function rule(json) {
  if (!isObject(json) || !Number.isFinite(json.expires)) return { expires: Infinity };
  const { kind, value, expires } = json;
  if (typeof value !== 'string') return { expires };
  if (MATCHES.includes(kind)) return { kind, value, expires };
  const before = position(json.before);
  return CUTS.includes(kind) && before !== undefined ? { kind, value, before, expires } : { expires };
}

/** What rules look at in a token, or undefined when it cannot be checked against them. */
export function target(header, claims) {
  const origins = claims.origin ?? [];
  const good =
    [claims.jti, claims.sub, claims.client_id].every((claim) => typeof claim === 'string' && claim !== '') &&
    [claims.grant_id, claims.sid].every(isOptionalText) &&
    Array.isArray(origins) &&
    origins.every((origin) => isObject(origin) && [origin.jti, origin.client_id, origin.kid].every(isOptionalText));
  return good ? { claims, kid: header.kid, origins, rev: position(claims.rev) } : undefined;
}

const isOptionalText = (value) => value === undefined || value === null || typeof value === 'string';

/** The rules held. One may come twice or late: it only ever adds refusals. */
export class Rules {
  #held = new Map([...MATCHES, ...CUTS].map((kind) => [kind, new Map()]));

  add({ kind, value, before, expires }) {
    const held = this.#held.get(kind);
    const known = held?.get(value);
    held?.set(value, {
      before: known && known.before > before ? known.before : before,
      expires: Math.max(expires, known?.expires ?? expires),
    });
  }

  refuse({ claims, kid, origins, rev }) {
    return (
      this.#has('jti', claims.jti) ||
      this.#has('grant_id', claims.grant_id) ||
      this.#has('sid', claims.sid) ||
      this.#has('kid', kid) ||
      this.#cuts('sub', claims.sub, rev) ||
      this.#cuts('client_id', claims.client_id, rev) ||
      origins.some(
        (origin) =>
          this.#has('jti', origin.jti) || this.#has('kid', origin.kid) || this.#cuts('client_id', origin.client_id, rev),
      )
    );
  }

  #has(kind, value) {
    return this.#held.get(kind).has(value);
  }

  #cuts(kind, value, rev) {
    const cut = this.#held.get(kind).get(value);
    return cut !== undefined && (rev === undefined || rev < cut.before);
  }

  /** Forgets what expired at or before a second since 1970. */
  forget(second) {
    for (const held of this.#held.values()) {
      for (const [value, { expires }] of held) if (expires <= second) held.delete(value);
    }
  }

  get size() {
    return [...this.#held.values()].reduce((sum, held) => sum + held.size, 0);
  }
}
