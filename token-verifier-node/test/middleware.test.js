import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { express, fastify } from '../src/index.js';
import { movableClock, service } from './service.js';

/** What a service answers that is protected by the middleware. */
async function serving(t, protect) {
  const server = createServer((request, response) =>
    protect(request, response, (failure) => response.end(failure ? 'failed' : request.token.claims.scope)),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return async (authorization) => {
    const { port } = server.address();
    const response = await fetch(`http://127.0.0.1:${port}`, { headers: authorization ? { authorization } : {} });
    const [challenge, retryAfter] = ['www-authenticate', 'retry-after'].map((name) => response.headers.get(name));
    return { status: response.status, challenge, retryAfter, body: await response.text() };
  };
}

test('Express: a good token goes on, with its claims', async (t) => {
  const { issuer, verifier } = await service(t);
  const ask = await serving(t, express(verifier, { scope: 'read' }));
  assert.deepEqual(await ask(`bearer ${issuer.token()}`), { status: 200, challenge: null, retryAfter: null, body: 'read' });
});

test('Express: without a token, or with another scheme, no error is named', async (t) => {
  const { verifier } = await service(t);
  const ask = await serving(t, express(verifier));
  for (const authorization of [undefined, 'Basic YTpi', 'Bearer']) {
    const { status, challenge } = await ask(authorization);
    assert.deepEqual([status, challenge], [401, 'Bearer']);
  }
});

test('Express: a bad token, and nothing about why', async (t) => {
  const { issuer, verifier } = await service(t);
  const ask = await serving(t, express(verifier));
  for (const token of ['x', `${issuer.token()} x`, issuer.token({ claims: { aud: 'x' } })]) {
    const { status, challenge, body } = await ask(`Bearer ${token}`);
    assert.deepEqual([status, challenge, body], [401, 'Bearer error="invalid_token"', '{"error":"invalid_token"}']);
  }
});

test('Express: a token without the scopes', async (t) => {
  const { issuer, verifier } = await service(t);
  const ask = await serving(t, express(verifier, { scope: ['read', 'write'] }));
  for (const scope of ['read', 'readwrite', undefined, ['read', 'write']]) {
    const { status, challenge } = await ask(`Bearer ${issuer.token({ claims: { scope } })}`);
    assert.deepEqual([status, challenge], [403, 'Bearer error="insufficient_scope", scope="read write"']);
  }
  assert.equal((await ask(`Bearer ${issuer.token({ claims: { scope: 'write x read' } })}`)).status, 200);
});

test('Express: while the copy of the rules is stale, unless the route says otherwise', async (t) => {
  const clock = movableClock();
  const { issuer, verifier } = await service(t, { clock });
  const closed = await serving(t, express(verifier, { retryAfter: 7 }));
  const open = await serving(t, express(verifier, { stalenessPolicy: 'open' }));
  issuer.silent = true;
  clock.move(6_000);
  const { status, retryAfter } = await closed(`Bearer ${issuer.token()}`);
  assert.deepEqual([status, retryAfter], [503, '7']);
  assert.equal((await open(`Bearer ${issuer.token()}`)).status, 200);
});

test('Express: a failure of its own goes to the next handler', async (t) => {
  const ask = await serving(t, express({ verify: () => Promise.reject(new Error('broken')) }));
  assert.equal((await ask('Bearer x')).body, 'failed');
});

test('Fastify: goes on or answers', async (t) => {
  const { issuer, verifier } = await service(t);
  const hook = fastify(verifier, { scope: 'read' });
  const reply = { code: (status) => ((reply.status = status), reply), headers: () => reply, send: (body) => ({ body }) };

  const good = { headers: { authorization: `Bearer ${issuer.token()}` } };
  assert.equal(await hook(good, reply), undefined);
  assert.deepEqual(good.token.scopes, ['read']);

  assert.deepEqual(await hook({ headers: {} }, reply), { body: '{}' });
  assert.equal(reply.status, 401);
});

test('a scope that could break the header is refused', () => {
  assert.throws(() => express({}, { scope: 'a"b' }), TypeError);
  assert.throws(() => express({}, { scope: 'a b' }), TypeError);
});
