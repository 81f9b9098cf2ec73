/**
 * Whether a login that fails tells by its time if there is such an account.
 *
 *     node benchmarks/timing.mjs [--tries 1000]
 *
 * Starts a demo of its own with the limits wide open, and tries a wrong password for one known name and one unknown name, a thousand
 * times each in random order, one at a time; both names are equally long. Ends with 1 when the two can be told apart: when the
 * Mann-Whitney test finds a difference at one in a thousand, or the 95 % interval of the difference of the medians (bootstrap)
 * leaves out zero by more than 50 microseconds.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const ISSUER = 'http://localhost:9000';
const NAMES = { known: 'alice', unknown: 'alibi' };
const SIGNIFICANT = 0.001;
const NOTICEABLE_MS = 0.05;
const WIDE = ['ADDRESS', 'ACCOUNT', 'ACCOUNTFROMADDRESS', 'NETWORK'].flatMap((limit) => ['BURST', 'REFILL'].map((part) => [
  `GATEHOUSE_LOGIN_${limit}_${part}`, '1000000']));

const position = process.argv.indexOf('--tries');
const tries = position < 0 ? 1000 : Number(process.argv[position + 1]);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function call(path, { method = 'GET', headers = {}, form } = {}) {
  return new Promise((done, failed) => {
    const body = form && new URLSearchParams(form).toString();
    const begun = performance.now();
    const sent = request(`${ISSUER}${path}`, { method, agent, headers: { accept: 'text/html', ...headers,
      ...(body && { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length }) } }, (response) => {
      const firstByte = performance.now() - begun;
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece) => (text += piece));
      response.on('end', () => done({ status: response.statusCode, headers: response.headers, text, ms: firstByte }));
    });
    sent.on('error', failed);
    sent.end(body);
  });
}

async function start(data) {
  const demo = spawn(join(dirname(import.meta.dirname), 'gatehouse'), ['demo', '--no-samples', '--data', data],
    { env: { ...process.env, ...Object.fromEntries(WIDE) }, stdio: 'ignore' });
  for (let i = 0; i < 600; i++) {
    await pause(500);
    if (demo.exitCode !== null) throw new Error('the demo did not start');
    if (await call('/login').then(({ status }) => status === 200, () => false)) return demo;
  }
  throw new Error('the demo did not start in time');
}

const sorted = (values) => values.toSorted((a, b) => a - b);
const quantile = (values, share) => values[Math.min(values.length - 1, Math.floor(values.length * share))];

/** The probability of ranks as unequal as these if both came from one distribution; normal approximation. */
function mannWhitney(one, other) {
  const all = [...one.map((value) => [value, 1]), ...other.map((value) => [value, 0])].sort(([a], [b]) => a - b);
  const ranks = all.reduce((sum, [, mine], index) => sum + mine * (index + 1), 0);
  const [n, m] = [one.length, other.length];
  const u = ranks - (n * (n + 1)) / 2;
  const z = Math.abs(u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
  return { z, p: 2 * (1 - normal(z)), share: u / (n * m) };
}

/** The normal distribution's integral, Abramowitz and Stegun 26.2.17. */
function normal(z) {
  const t = 1 / (1 + 0.2316419 * z);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

function bootstrap(one, other) {
  const median = (values) => quantile(sorted(Array.from(values, () => values[Math.floor(Math.random() * values.length)])), 0.5);
  const differences = sorted(Array.from({ length: 2000 }, () => median(one) - median(other)));
  return [quantile(differences, 0.025), quantile(differences, 0.975)];
}

const data = mkdtempSync(join(tmpdir(), 'gatehouse-timing-'));
const demo = await start(data);
let apart;
try {
  const page = await call('/login');
  const cookie = page.headers['set-cookie'].map((one) => one.split(';')[0]).join('; ');
  const token = /name="_csrf" value="([^"]*)"/.exec(page.text)[1];
  const guess = (kind) => call('/login', { method: 'POST', headers: { cookie },
    form: { _csrf: token, username: NAMES[kind], password: `guess-${Math.random().toString(36).slice(2, 12).padEnd(10, 'x')}` } });
  for (let i = 0; i < 300; i++) await guess(i % 2 ? 'known' : 'unknown');
  const order = Array.from({ length: 2 * tries }, (_, i) => [Math.random(), i % 2 ? 'known' : 'unknown']).sort(([a], [b]) => a - b);
  const times = { known: [], unknown: [] };
  for (const [, kind] of order) {
    const { status, ms } = await guess(kind);
    if (status !== 401) throw new Error(`a guess was answered with ${status}`);
    times[kind].push(ms);
  }
  for (const [kind, values] of Object.entries(times)) {
    const all = sorted(values);
    console.log(`${kind.padEnd(8)} ${[0.1, 0.25, 0.5, 0.75, 0.9, 0.99].map((q) => `p${q * 100} ${quantile(all, q).toFixed(3)}`).join('  ')} ms`);
  }
  const { z, p, share } = mannWhitney(times.known, times.unknown);
  const [low, high] = bootstrap(times.known, times.unknown);
  const beyond = Math.max(low, -high, 0);
  console.log(`Mann-Whitney: z ${z.toFixed(2)}, p ${p.toFixed(4)}; a known name takes longer than an unknown one in ${(100 * share).toFixed(1)} % of pairs`);
  console.log(`difference of the medians: ${low.toFixed(3)} to ${high.toFixed(3)} ms (95 %)`);
  apart = p < SIGNIFICANT || beyond > NOTICEABLE_MS;
  console.log(apart ? 'known and unknown names can be told apart' : 'known and unknown names cannot be told apart');
} finally {
  demo.kill('SIGTERM');
  await new Promise((done) => demo.once('exit', done));
  rmSync(data, { recursive: true, force: true });
}
process.exit(apart ? 1 : 0);
