import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVerifier } from '../src/index.js';
import { ScriptedIssuer, claimsOf } from '../../feed-conformance/issuer.mjs';
import { credentials, movableClock, service, until } from './service.js';

const reasonOf = async (verifier, token, options) => (await verifier.verify(token, options)).reason;

for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA']) {
  test(`a token signed by ${alg} is accepted`, async (t) => {
    const { issuer, verifier } = await service(t, {}, (issuer) => issuer.publish('other', alg));
    const token = issuer.token({ signer: 'other' });
    const { accepted, claims, scopes } = await verifier.verify(token);
    assert.ok(accepted);
    assert.deepEqual([claims.jti, scopes], [claimsOf(token).jti, ['read']]);
  });
}

test('an algorithm that is not asked for is refused', async (t) => {
  const { issuer, verifier } = await service(t, { algorithms: ['ES256'] });
  assert.equal(await reasonOf(verifier, issuer.token()), 'algorithm');
});

test('each refusal has its reason', async (t) => {
  const { issuer, verifier } = await service(t);
  const reason = (changes) => reasonOf(verifier, issuer.token(changes));
  const now = Math.floor(Date.now() / 1000);
  assert.equal(await reasonOf(verifier, undefined), 'malformed');
  assert.equal(await reasonOf(verifier, 'a.b'), 'malformed');
  assert.equal(await reasonOf(verifier, `${'a'.repeat(20_000)}.b.c`), 'oversized');
  assert.equal(await reason({ header: { typ: 'JWT' } }), 'type');
  assert.equal(await reason({ header: { kid: undefined } }), 'unknown_key');
  assert.equal(await reason({ header: { kid: '__proto__' } }), 'unknown_key');
  assert.equal(await reason({ signer: 'k2', header: { kid: 'k1' } }), 'signature');
  assert.equal(await reason({ claims: { iss: 'x' } }), 'issuer');
  assert.equal(await reason({ claims: { aud: 'x' } }), 'audience');
  assert.equal(await reason({ claims: { exp: now - 31, iat: now - 60 } }), 'expired');
  assert.equal(await reason({ claims: { nbf: now + 35 } }), 'not_yet_valid');
  assert.equal(await reason({ claims: { iat: now + 35 } }), 'not_yet_valid');
  assert.equal(await reason({ claims: { exp: now, iat: now } }), 'malformed');
  assert.equal(await reason({ claims: { jti: '' } }), 'malformed');
  assert.equal(await reason({ claims: { sub: 7 } }), 'malformed');
  assert.equal(verifier.status().refused.malformed, 5);
});

test('a new key is found, and the old ones stay while the keys cannot be fetched', async (t) => {
  const clock = movableClock();
  const { issuer, verifier } = await service(t, { clock });
  issuer.publish('new', 'RS256');
  assert.ok((await verifier.verify(issuer.token({ signer: 'new' }))).accepted);
  issuer.unpublish();
  clock.move(40_000);
  issuer.heartbeat();
  assert.equal(await reasonOf(verifier, issuer.token({ header: { kid: 'another' } })), 'unknown_key');
  await until(() => verifier.status().fresh);
  assert.ok((await verifier.verify(issuer.token({ signer: 'new' }))).accepted);
});

test('past the bound the policy decides, of the verifier or of the call', async (t) => {
  const clock = movableClock();
  const { issuer, verifier } = await service(t, { clock });
  const token = issuer.token();
  issuer.silent = true;
  clock.move(6_000);
  assert.deepEqual(await verifier.verify(token), { accepted: false, reason: 'stale', temporary: true });
  assert.ok((await verifier.verify(token, { stalenessPolicy: 'open' })).accepted);
  assert.equal(verifier.status().acceptedStale, 1);
  assert.ok((await verifier.verify(token, { stalenessPolicy: 'introspect' })).accepted);
  issuer.active = false;
  assert.equal(await reasonOf(verifier, token, { stalenessPolicy: 'introspect' }), 'revoked');
  issuer.stop();
  assert.equal(await reasonOf(verifier, token, { stalenessPolicy: 'introspect' }), 'introspection_failed');
});

test('a rule that is known refuses under every policy', async (t) => {
  const clock = movableClock();
  const { issuer, verifier } = await service(t, { clock });
  const token = issuer.token();
  issuer.append({ kind: 'jti', value: claimsOf(token).jti });
  await until(async () => (await reasonOf(verifier, token)) === 'revoked');
  issuer.silent = true;
  clock.move(6_000);
  for (const stalenessPolicy of ['closed', 'introspect', 'open']) {
    assert.equal(await reasonOf(verifier, token, { stalenessPolicy }), 'revoked');
  }
});

test('a rule that comes while the issuer is asked about the token still refuses', async (t) => {
  const clock = movableClock();
  const { issuer, verifier } = await service(t, { clock, introspectionTimeout: 10_000 });
  const token = issuer.token();
  issuer.silent = true;
  clock.move(6_000);
  issuer.whenIntrospected = async () => {
    issuer.silent = false;
    issuer.append({ kind: 'jti', value: claimsOf(token).jti });
    issuer.cut();
    await until(() => verifier.status().rules === 1);
  };
  assert.equal(await reasonOf(verifier, token, { stalenessPolicy: 'introspect' }), 'revoked');
});

test('what is applied is acknowledged, and a failure to say so stops nothing', async (t) => {
  const { issuer, verifier } = await service(t, { instance: 'orders-1' });
  const first = issuer.append({ kind: 'jti', value: 'a' });
  await until(() => issuer.acknowledged.length === 1);
  const { verifier: name, position, first: from } = issuer.acknowledged[0];
  assert.deepEqual([name, position, from], ['orders-1', first, first]);
  issuer.acknowledgementStatus = 503;
  issuer.append({ kind: 'jti', value: 'b' });
  await until(() => issuer.acknowledged.length === 2);
  issuer.append({ kind: 'jti', value: 'c' });
  const last = issuer.append({ kind: 'jti', value: 'd' });
  await until(() => issuer.acknowledged.at(-1).position === last);
  assert.equal(verifier.status().rules, 4);
});

test('rules are forgotten once they have expired', async (t) => {
  const clock = movableClock();
  const { issuer, verifier } = await service(t, { clock });
  issuer.append({ kind: 'jti', value: 'x', expires: Math.floor(Date.now() / 1000) + 60 });
  await until(() => verifier.status().rules === 1);
  clock.move(120_000);
  await until(() => verifier.status().rules === 0);
});

test('before the keys and the rules are there nothing is accepted', async (t) => {
  const issuer = await new ScriptedIssuer().start();
  t.after(() => issuer.stop());
  issuer.snapshotStatus = 503;
  const verifier = createVerifier(credentials(issuer));
  t.after(() => verifier.close());
  await until(async () => (await reasonOf(verifier, issuer.token())) !== 'keys_unavailable');
  assert.equal(await reasonOf(verifier, issuer.token()), 'stale');
  assert.equal(await verifier.ready(20), false);
});

test("an issuer that gives itself out for another's is not believed", async (t) => {
  const issuer = await new ScriptedIssuer().start();
  t.after(() => issuer.stop());
  const lines = [];
  const verifier = createVerifier({
    ...credentials(issuer),
    issuer: 'https://issuer.example',
    issuerLocation: issuer.address,
    log: (line) => lines.push(line),
  });
  t.after(() => verifier.close());
  await until(() => lines.length >= 2);
  assert.match(lines.join(), /the metadata is that of another issuer/);
  assert.match(lines.join(), /the snapshot is that of another issuer/);
  assert.equal(verifier.isReady, false);
});

test('bad settings are refused', () => {
  const good = { issuer: 'https://issuer.example', audience: 'a', clientId: 'c', clientSecret: 's', log: () => {} };
  for (const bad of [
    { issuer: 'http://issuer.example' },
    { issuer: 'issuer' },
    { audience: '' },
    { clientSecret: undefined },
    { algorithms: [] },
    { algorithms: ['HS256'] },
    { algorithms: ['none'] },
    { clockSkew: 61 },
    { clockSkew: '30s' },
    { stalenessBound: 5 },
    { stalenessPolicy: 'maybe' },
    { instance: 'a b' },
  ]) {
    assert.throws(() => createVerifier({ ...good, ...bad }), TypeError, JSON.stringify(bad));
  }
});

/** Whatever the feed has sent before has been read when a rule that came after it is obeyed. */
async function settled(issuer, verifier) {
  const token = issuer.token();
  issuer.append({ kind: 'jti', value: claimsOf(token).jti });
  await until(async () => (await reasonOf(verifier, token)) === 'revoked');
}

test('keys that the feed brings are not asked for, not after a rule against one either', async (t) => {
  const { issuer, verifier } = await service(t);
  issuer.publish('fed', 'ES256');
  issuer.sendKeys();
  await settled(issuer, verifier);
  const asked = issuer.requests['/oauth2/jwks'];
  assert.ok((await verifier.verify(issuer.token({ signer: 'fed' }))).accepted);
  issuer.append({ kind: 'kid', value: 'k2' });
  await settled(issuer, verifier);
  assert.equal(issuer.requests['/oauth2/jwks'], asked);
});

test('a rule against a key has the keys fetched when the feed brings none', async (t) => {
  const { issuer, verifier } = await service(t);
  const asked = issuer.requests['/oauth2/jwks'];
  issuer.append({ kind: 'kid', value: 'k2' });
  await until(() => issuer.requests['/oauth2/jwks'] === asked + 1);
});

test('a flood of keys that are of no use changes nothing', async (t) => {
  const { issuer, verifier } = await service(t);
  issuer.sendKeys();
  for (let i = 0; i < 200; i++) issuer.event('keys', { keys: [{ kty: 'RSA', kid: `k${i}`, n: '', e: 'AQAB' }] });
  await settled(issuer, verifier);
  assert.ok((await verifier.verify(issuer.token())).accepted);
});

test('a fetch for an unknown kid adds what is new and does not bring back what the feed has left out', async (t) => {
  const { issuer, verifier } = await service(t);
  issuer.publish('gone', 'ES256');
  issuer.sendKeys();
  issuer.sendKeys('gone');
  await settled(issuer, verifier);
  issuer.publish('new', 'ES256');
  assert.ok((await verifier.verify(issuer.token({ signer: 'new' }))).accepted);
  assert.equal(await reasonOf(verifier, issuer.token({ signer: 'gone' })), 'unknown_key');
});

test('an issuer that has failed to answer about a token is left alone for a second', async (t) => {
  const clock = movableClock();
  const { issuer, verifier } = await service(t, { clock, introspectionTimeout: 50 });
  const token = issuer.token();
  const ask = () => reasonOf(verifier, token, { stalenessPolicy: 'introspect' });
  issuer.silent = true;
  clock.move(10_000);
  let answers = false;
  issuer.whenIntrospected = () => (answers ? Promise.resolve() : new Promise(() => {}));
  assert.equal(await ask(), 'introspection_failed');
  for (let i = 0; i < 20; i++) assert.equal(await ask(), 'introspection_failed');
  assert.equal(issuer.requests['/oauth2/introspect'], 1);
  clock.move(1_100);
  assert.equal(await ask(), 'introspection_failed');
  assert.equal(issuer.requests['/oauth2/introspect'], 2);
  answers = true;
  assert.equal(await ask(), 'introspection_failed');
  clock.move(1_100);
  assert.equal(await ask(), undefined);
  assert.equal(await ask(), undefined);
});
