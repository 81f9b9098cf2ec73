/**
 * What the issuer's process takes after a while of every kind of work: tokens for clients, introspections, refreshes, and two logins a second.
 *
 *     node benchmarks/memory.mjs [--seconds 60] [--connections 32]
 *
 * Against a running demo (`./gatehouse demo --no-samples`). Alice's logins soon meet their limit, as they should; the work goes on without them.
 */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const ISSUER = 'http://localhost:9000';
const CALLBACK = 'http://127.0.0.1:8765/callback';

const rest = process.argv.slice(2);
const option = (name, fallback) => {
  const at = rest.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(rest[at + 1]);
};
const [seconds, connections] = [option('seconds', 60), option('connections', 32)];
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const basic = (id, secret) => ({ authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` });
const [load, web, inventory] = [basic('load', 'load-secret'), basic('web', 'web-secret'), basic('inventory', 'inventory-secret')];
const counts = {};

function call(path, { headers = {}, form } = {}) {
  const body = form && new URLSearchParams(form).toString();
  return new Promise((done, failed) => {
    const sent = request(
      new URL(path, ISSUER),
      { method: form ? 'POST' : 'GET', agent, headers: { ...headers, ...(body && { 'content-type': 'application/x-www-form-urlencoded' }) } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece) => (text += piece));
        response.on('end', () => done({ status: response.statusCode, headers: response.headers, text }));
      },
    );
    sent.on('error', failed);
    sent.end(body);
  });
}

async function counted(kind, path, what) {
  const answer = await call(path, what);
  const name = answer.status === 200 ? kind : `${kind} ${answer.status}`;
  counts[name] = (counts[name] ?? 0) + 1;
  return answer.status === 200 ? JSON.parse(answer.text) : undefined;
}

/** Alice at a browser, as in the README's tour: tokens, or nothing. */
async function login() {
  const cookies = new Map();
  const visit = async (path, form) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await call(path, { headers: { accept: 'text/html', ...(cookie && { cookie }) }, form });
    for (const set of answer.headers['set-cookie'] ?? []) cookies.set(...set.split(';')[0].split('='));
    return answer;
  };
  const verifier = randomBytes(32).toString('base64url');
  const asked = new URLSearchParams({
    response_type: 'code',
    client_id: 'web',
    redirect_uri: CALLBACK,
    scope: 'openid offline_access orders.read',
    state: 'memory',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  let page = await visit(`/oauth2/authorize?${asked}`);
  while (page.headers.location) page = await visit(page.headers.location);
  const field = (name) => new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(page.text)?.[1];
  const form = { _csrf: field('_csrf'), interaction: field('interaction'), username: 'alice', password: 'wonderland-9Lives' };
  const { location } = (await visit('/login', form)).headers;
  const code = location && new URL((await visit(location)).headers.location ?? CALLBACK).searchParams.get('code');
  if (!code) {
    counts['login refused'] = (counts['login refused'] ?? 0) + 1;
    return undefined;
  }
  return counted('login', '/oauth2/token', {
    headers: web,
    form: { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: CALLBACK },
  });
}

function issuerProcess() {
  const pid = execFileSync('sh', ['-c', 'ss -Hltnp "sport = :9000" | grep -o "pid=[0-9]*" | head -1 | cut -d= -f2']).toString().trim();
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [now, most] = ['VmRSS', 'VmHWM'].map((name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) / 1024);
  return `${now.toFixed(0)} MB resident, ${most.toFixed(0)} MB at most`;
}

const end = performance.now() + seconds * 1000;
async function work() {
  let refresh;
  while (performance.now() < end) {
    const token = await counted('client_credentials', '/oauth2/token', { headers: load, form: { grant_type: 'client_credentials' } });
    if (token) await counted('introspection', '/oauth2/introspect', { headers: inventory, form: { token: token.access_token } });
    refresh ??= spare.pop();
    if (!refresh) continue;
    const form = { grant_type: 'refresh_token', refresh_token: refresh };
    refresh = (await counted('refresh', '/oauth2/token', { headers: web, form }))?.refresh_token;
  }
}
const spare = [];
async function people() {
  while (performance.now() < end) {
    const tokens = await login();
    if (tokens) spare.push(tokens.refresh_token);
    await pause(500);
  }
}
console.log(`before: ${issuerProcess()}`);
await Promise.all([...Array.from({ length: connections }, work), people()]);
console.log(`after ${seconds} s: ${issuerProcess()}`);
console.log(counts);
process.exit(0);
