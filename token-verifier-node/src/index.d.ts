import type { IncomingMessage, ServerResponse } from 'node:http';

/** What happens to tokens while the copy of the revocation rules is out of date. */
export type StalenessPolicy = 'closed' | 'introspect' | 'open';

export type Algorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA' | 'Ed25519';

export interface VerifierOptions {
  /** The issuer, exactly as tokens name it. */
  issuer: string;
  /** This service, as tokens name it in `aud`. */
  audience: string;
  /** This service's own client at the issuer. */
  clientId: string;
  clientSecret: string;
  /** Where this service reaches the issuer, when that is not its public address. */
  issuerLocation?: string;
  /** Allows `http` to other machines, on a network that is encrypted by other means. */
  allowPlainHttp?: boolean;
  /** All of them unless said otherwise. */
  algorithms?: Algorithm[];
  /** How far the clocks may be apart, in seconds: 30 unless said otherwise, at most 60. */
  clockSkew?: number;
  /** How old the copy of the rules may be, in milliseconds: 5000 unless said otherwise. */
  stalenessBound?: number;
  /** `closed` unless said otherwise. */
  stalenessPolicy?: StalenessPolicy;
  /** How long the issuer may take to answer about one token, in milliseconds: 1000 unless said otherwise. */
  introspectionTimeout?: number;
  /** How long no token with an unknown key causes another request for the keys, in milliseconds: 30000 unless said otherwise. */
  unknownKeyCoolDown?: number;
  /** In characters: 16384 unless said otherwise. */
  maxTokenLength?: number;
  /** This running instance's name in receipts; the host's name and something random unless said otherwise. */
  instance?: string;
  /** Where a line about trouble with the issuer goes; `console.warn` unless said otherwise. Never holds a token. */
  log?: (line: string) => void;
}

export interface Token {
  header: Record<string, unknown>;
  claims: Record<string, unknown> & { sub: string; jti: string; client_id: string; iat: number; exp: number };
  scopes: string[];
}

export type Reason =
  | 'malformed'
  | 'oversized'
  | 'algorithm'
  | 'type'
  | 'unknown_key'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'expired'
  | 'not_yet_valid'
  | 'revoked'
  | 'keys_unavailable'
  | 'stale'
  | 'introspection_failed';

export type Verification =
  | ({ accepted: true } & Token)
  /** `temporary`: the fault lies with this service's knowledge, so that the token may be good a moment later. */
  | { accepted: false; reason: Reason; temporary: boolean };

export interface Status {
  ready: boolean;
  /** Whether the copy of the rules is within its bound. */
  fresh: boolean;
  /** Milliseconds since the copy was last known to be complete. */
  staleness: number;
  position: string | undefined;
  rules: number;
  accepted: number;
  /** Those of them that passed only because the policy is `open`. */
  acceptedStale: number;
  refused: Partial<Record<Reason, number>>;
}

export interface Verifier {
  /** Decides about a token as it stood in the request. Never rejects because of a token. */
  verify(token: string | undefined, options?: { stalenessPolicy?: StalenessPolicy }): Promise<Verification>;
  readonly isReady: boolean;
  /** Waits until the verifier is ready, at most so many milliseconds, and says whether it is. */
  ready(patience?: number): Promise<boolean>;
  status(): Status;
  /** Stops following the issuer. */
  close(): void;
}

/** A verifier that has begun to fetch what it needs; throws a `TypeError` for a bad option. */
export function createVerifier(options: VerifierOptions): Verifier;

export interface ProtectOptions {
  /** The scopes that a token must have, all of them. */
  scope?: string | string[];
  /** Instead of the verifier's own. */
  stalenessPolicy?: StalenessPolicy;
  /** What `Retry-After` says, in seconds: 1 unless said otherwise. */
  retryAfter?: number;
}

/** Express' middleware, also for plain `node:http`: a good token is then in `request.token`. */
export function express(
  verifier: Verifier,
  options?: ProtectOptions,
): (request: IncomingMessage & { token?: Token }, response: ServerResponse, next: (failure?: unknown) => void) => Promise<void>;

/** Fastify's `onRequest` hook: a good token is then in `request.token`. */
export function fastify(
  verifier: Verifier,
  options?: ProtectOptions,
): (request: any, reply: any) => Promise<unknown>;
