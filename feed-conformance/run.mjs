/**
 * Checks a verifier, in any language, against a scripted issuer: docs/revocation-feed.md, "Conformance".
 *
 *     node feed-conformance/run.mjs -- <command that starts the verifier under test>
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { against, cases, prepare } from './cases.mjs';
import { AUDIENCE, CLIENT_ID, CLIENT_SECRET, ScriptedIssuer } from './issuer.mjs';

const PATIENCE = 15_000;
const START_PATIENCE = 60_000;

const [, , separator, command, ...args] = process.argv;
if (separator !== '--' || !command) {
  console.error('usage: node run.mjs -- <command that starts the verifier under test>');
  process.exit(2);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

async function until(what, condition, patience = PATIENCE) {
  const deadline = performance.now() + patience;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await pause(10);
  }
}

const issuer = await new ScriptedIssuer().start();
const revoked = prepare(issuer);
issuer.snapshotStatus = 503;
const port = await freePort();

const child = spawn(command, args, {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, ISSUER: issuer.address, AUDIENCE, CLIENT_ID, CLIENT_SECRET, PORT: String(port) },
});
let ended = false;
const end = new Promise((done) => {
  child.on('error', (failure) => done(`cannot be started: ${failure.message}`));
  child.on('exit', (code, signal) => done(`has ended: ${signal ?? code}`));
}).then((how) => (ended = how));
process.on('exit', () => child.kill('SIGKILL'));

async function ask(token) {
  if (ended) throw new Error(`the verifier ${ended}`);
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(PATIENCE),
  });
  await response.body?.cancel();
  const challenge = response.headers.get('www-authenticate') ?? '';
  if (response.status === 401 && !/^Bearer\b/i.test(challenge)) throw new Error('401 without WWW-Authenticate: Bearer');
  if (response.status === 503 && !response.headers.has('retry-after')) throw new Error('503 without Retry-After');
  return response.status;
}

async function expect(wanted, token) {
  const status = await ask(token);
  if (![wanted].flat().includes(status)) throw new Error(`answered ${status} instead of ${[wanted].flat().join(' or ')}`);
}

async function eventually(wanted, token) {
  let status;
  try {
    await until(`it answers ${wanted}`, async () => (status = await ask(token)) === wanted);
  } catch (failure) {
    throw new Error(`${failure.message}; last answer ${status}`);
  }
}

/** A token that was good and that a rule of the feed has made bad. */
async function revoke(more = {}) {
  const token = issuer.token();
  await expect(200, token);
  issuer.append({ ...against('jti', token, issuer), ...more });
  await eventually(401, token);
  return token;
}

async function listening() {
  if (ended) throw new Error(`the verifier ${ended}`);
  return ask(undefined).then(() => true, (failure) => !(failure instanceof TypeError));
}

let failures = 0;
try {
  await until('the verifier listens', listening, START_PATIENCE);
  for (const [name, run] of cases) {
    try {
      await run({ issuer, audience: AUDIENCE, revoked, expect, eventually, until, revoke });
      console.log(`ok    ${name}`);
    } catch (failure) {
      failures++;
      console.log(`FAIL  ${name}: ${failure.cause?.message ?? failure.message}`);
      Object.assign(issuer, { silent: false, snapshotStatus: 200 });
    }
  }
} catch (failure) {
  failures++;
  console.log(`FAIL  ${failure.message}`);
}
console.log(failures === 0 ? `all ${cases.length} cases passed` : `${failures} of ${cases.length} cases failed`);
child.kill();
await Promise.race([end, pause(5_000)]);
issuer.stop();
process.exit(failures === 0 ? 0 : 1);
