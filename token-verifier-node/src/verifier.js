import { errors, jwtVerify } from 'jose';
import { instanceName, isInstanceName } from './acknowledgements.js';
import { Follower } from './feed.js';
import { Introspection } from './introspection.js';
import { Issuer } from './issuer.js';
import { Keys } from './keys.js';
import { Replica, systemClock } from './replica.js';
import { target } from './rules.js';

const POLICIES = ['closed', 'introspect', 'open'];
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];
const TEMPORARY = ['stale', 'keys_unavailable', 'introspection_failed'];
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Why a token is refused; thrown inside, an outcome outside. */
class Refusal extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

function settings(options) {
  const all = {
    algorithms: ALGORITHMS,
    clockSkew: 30,
    stalenessBound: 5_000,
    stalenessPolicy: 'closed',
    introspectionTimeout: 1_000,
    unknownKeyCoolDown: 30_000,
    maxTokenLength: 16 * 1024,
    instance: instanceName(),
    clock: systemClock,
    log: (line) => console.warn(line),
    ...options,
  };
  for (const name of ['issuer', 'audience', 'clientId', 'clientSecret']) {
    check(typeof all[name] === 'string' && all[name] !== '', `${name} is missing`);
  }
  check(
    all.algorithms.length > 0 && all.algorithms.every((name) => ALGORITHMS.includes(name)),
    `algorithms must be some of ${ALGORITHMS.join(', ')}`,
  );
  check(POLICIES.includes(all.stalenessPolicy), `stalenessPolicy must be one of ${POLICIES.join(', ')}`);
  check(isInstanceName(all.instance), 'instance must be 1 to 128 of A-Z a-z 0-9 . _ : @ -');
  between(all, 'clockSkew', 0, 60);
  between(all, 'stalenessBound', 2_000, 3_600_000);
  between(all, 'introspectionTimeout', 10, 10_000);
  between(all, 'unknownKeyCoolDown', 1_000, 3_600_000);
  between(all, 'maxTokenLength', 1024, 1024 * 1024);
  return all;
}

function between(all, name, least, most) {
  check(all[name] >= least && all[name] <= most, `${name} must be between ${least} and ${most}`);
}

function check(good, complaint) {
  if (!good) throw new TypeError(complaint);
}

/** A verifier that has begun to fetch what it needs. */
export function createVerifier(options) {
  return new Verifier(settings(options));
}

/**
 * Decides about access tokens by the issuer's published keys, the token's claims (RFC 9068 section 4), and a copy of the
 * issuer's revocation rules. A rule refuses a token however old the copy is.
 */
class Verifier {
  #settings;
  #introspection;
  #keys;
  #replica;
  #follower;
  #accepted = 0;
  #acceptedStale = 0;
  #refused = {};

  constructor(all) {
    this.#settings = all;
    const issuer = new Issuer(all);
    this.#introspection = new Introspection({ ...all, issuer });
    this.#keys = new Keys({ ...all, issuer, feedIsFresh: () => this.#replica.fresh });
    this.#replica = new Replica({ ...all, onKeyRevoked: () => this.#keys.expectNewKey() });
    this.#follower = new Follower({ ...all, replica: this.#replica, keys: this.#keys, issuer });
    this.#keys.refresh();
    this.#follower.run();
  }

  async verify(token, { stalenessPolicy = this.#settings.stalenessPolicy } = {}) {
    check(POLICIES.includes(stalenessPolicy), `stalenessPolicy must be one of ${POLICIES.join(', ')}`);
    try {
      const { protectedHeader: header, payload: claims } = await this.#signed(token);
      this.#checkClaims(claims);
      await this.#checkRevocation(token, target(header, claims), stalenessPolicy);
      this.#accepted++;
      return { accepted: true, header, claims, scopes: scopes(claims) };
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      const { reason } = refusal;
      this.#refused[reason] = (this.#refused[reason] ?? 0) + 1;
      return { accepted: false, reason, temporary: TEMPORARY.includes(reason) };
    }
  }

  async #signed(token) {
    refuseIf(typeof token !== 'string', 'malformed');
    refuseIf(token.length > this.#settings.maxTokenLength, 'oversized');
    refuseIf(!COMPACT.test(token), 'malformed');
    const { issuer, audience, algorithms, clockSkew, clock } = this.#settings;
    try {
      return await jwtVerify(token, (header, parts) => this.#key(header, parts), {
        issuer,
        audience,
        algorithms,
        typ: 'at+jwt',
        clockTolerance: clockSkew,
        currentDate: new Date(clock.wall()),
        requiredClaims: ['exp', 'iat', 'sub', 'jti', 'client_id'],
      });
    } catch (failure) {
      throw failure instanceof Refusal ? failure : new Refusal(reasonOf(failure));
    }
  }

  async #key(header, parts) {
    const key = await this.#keys.find(header, parts);
    refuseIf(!key, this.#keys.available ? 'unknown_key' : 'keys_unavailable');
    return key;
  }

  #checkClaims({ iat, exp }) {
    const now = Math.floor(this.#settings.clock.wall() / 1000);
    refuseIf(typeof iat !== 'number' || exp <= iat, 'malformed');
    refuseIf(iat > now + this.#settings.clockSkew, 'not_yet_valid');
  }

  /** Nothing waits between the signature's check and the rules', so that no rule can slip in between. */
  async #checkRevocation(token, looked, policy) {
    refuseIf(!looked, 'malformed');
    refuseIf(this.#replica.refuses(looked), 'revoked');
    if (this.#replica.fresh) return;
    refuseIf(policy === 'closed', 'stale');
    if (policy === 'open') {
      this.#acceptedStale++;
      return;
    }
    const active = await this.#introspection.isActive(token);
    refuseIf(active === undefined, 'introspection_failed');
    refuseIf(!active || this.#replica.refuses(looked), 'revoked');
  }

  /** Whether the issuer's keys and a first heartbeat have arrived. */
  get isReady() {
    return this.#keys.available && this.#replica.ready;
  }

  /** Waits until the verifier is ready, and says whether it is. */
  async ready(patience = 30_000) {
    const deadline = performance.now() + patience;
    while (!this.isReady && performance.now() < deadline) await new Promise((done) => setTimeout(done, 10));
    return this.isReady;
  }

  status() {
    return {
      ready: this.isReady,
      fresh: this.#replica.fresh,
      staleness: this.#replica.staleness,
      position: this.#replica.ready ? this.#replica.position : undefined,
      rules: this.#replica.size,
      accepted: this.#accepted,
      acceptedStale: this.#acceptedStale,
      refused: { ...this.#refused },
    };
  }

  /** Stops following the issuer; from then on the copy of the rules grows stale. */
  close() {
    this.#follower.close();
    this.#keys.close();
  }
}

function refuseIf(bad, reason) {
  if (bad) throw new Refusal(reason);
}

function scopes({ scope }) {
  return typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [];
}

function reasonOf(failure) {
  if (failure instanceof errors.JWTExpired) return 'expired';
  if (failure instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (failure instanceof errors.JOSEAlgNotAllowed || failure instanceof errors.JOSENotSupported) return 'algorithm';
  if (failure instanceof errors.JWTClaimValidationFailed && failure.reason === 'check_failed') {
    return { iss: 'issuer', aud: 'audience', nbf: 'not_yet_valid', typ: 'type' }[failure.claim] ?? 'malformed';
  }
  return 'malformed';
}
