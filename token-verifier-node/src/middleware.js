/**
 * The same answers for Express (and plain node:http) and for Fastify, RFC 6750 section 3: 401, 403, or 503 while nothing
 * can be said about the token.
 */

const BEARER = /^Bearer +(.*)$/i;
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** For `app.use`: a good token's header, claims and scopes are then in `request.token`. */
export function express(verifier, options) {
  const decide = decider(verifier, options);
  return async (request, response, next) => {
    let decision;
    try {
      decision = await decide(request.headers.authorization);
    } catch (failure) {
      return next(failure);
    }
    const { token, answer } = decision;
    if (token) {
      request.token = token;
      return next();
    }
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };
}

/** For `onRequest`: a good token's header, claims and scopes are then in `request.token`. */
export function fastify(verifier, options) {
  const decide = decider(verifier, options);
  return async (request, reply) => {
    const { token, answer } = await decide(request.headers.authorization);
    if (!token) return reply.code(answer.status).headers(answer.headers).send(answer.body);
    request.token = token;
  };
}

function decider(verifier, { scope, stalenessPolicy, retryAfter = 1 } = {}) {
  const needed = scope === undefined ? [] : [scope].flat();
  if (!needed.every((one) => SCOPE.test(one))) throw new TypeError(`not a scope among ${needed}`);
  return async (authorization) => {
    const presented = BEARER.exec(authorization ?? '')?.[1];
    if (presented === undefined) return refused(401, { 'WWW-Authenticate': 'Bearer' });
    const { accepted, reason, temporary, ...token } = await verifier.verify(presented, { stalenessPolicy });
    if (temporary) return refused(503, { 'Retry-After': String(retryAfter) }, 'temporarily_unavailable');
    if (!accepted) return refused(401, { 'WWW-Authenticate': 'Bearer error="invalid_token"' }, 'invalid_token');
    if (!needed.every((one) => token.scopes.includes(one))) {
      const challenge = `Bearer error="insufficient_scope", scope="${needed.join(' ')}"`;
      return refused(403, { 'WWW-Authenticate': challenge }, 'insufficient_scope');
    }
    return { token };
  };
}

function refused(status, headers, error) {
  return {
    answer: {
      status,
      headers: { ...headers, 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
      body: JSON.stringify(error ? { error } : {}),
    },
  };
}
