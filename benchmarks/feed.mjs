/**
 * How fast a revocation reaches the services, and what idle subscribers cost the issuer.
 *
 *     node benchmarks/feed.mjs latency [--subscribers 100] [--rate 500] [--seconds 20]
 *     node benchmarks/feed.mjs idle    [--subscribers 10000] [--seconds 20]
 *
 * Against a running demo (`./gatehouse demo`), started with GATEHOUSE_REVOCATION_MAXSUBSCRIBERS=20000 and
 * GATEHOUSE_REVOCATION_MAXSUBSCRIBERSPERCLIENT=20000 for many subscribers. `inventory` is the verifier that is asked.
 */
import { execFileSync, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const ISSUER = 'http://localhost:9000';
const INVENTORY = 'http://localhost:8082/whoami';
const SAMPLED_EVERY = 10;

const basic = (id, secret) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const feeds = new Agent({ maxSockets: Infinity });

const [, , mode, ...rest] = process.argv;
const option = (name, fallback) => {
  const at = rest.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(rest[at + 1]);
};
const seconds = option('seconds', 20);

function call(url, { method = 'GET', headers = {}, form } = {}) {
  return new Promise((done, failed) => {
    const body = form && new URLSearchParams(form).toString();
    const sent = request(
      url,
      { method, agent, headers: { ...headers, ...(body && { 'content-type': 'application/x-www-form-urlencoded' }) } },
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

const load = { authorization: basic('load', 'load-secret') };
const token = async () =>
  JSON.parse((await call(`${ISSUER}/oauth2/token`, { method: 'POST', headers: load, form: { grant_type: 'client_credentials' } })).text)
    .access_token;
const revoke = (value) => call(`${ISSUER}/oauth2/revoke`, { method: 'POST', headers: load, form: { token: value } });
const refused = async (value) => (await call(INVENTORY, { headers: { authorization: `Bearer ${value}` } })).status === 401;

/** One subscriber; calls back with each piece of its feed. */
function subscribe(onPiece) {
  return new Promise((done, failed) => {
    const sent = request(
      `${ISSUER}/revocations/feed`,
      { agent: feeds, headers: { accept: 'text/event-stream', authorization: basic('inventory', 'inventory-secret') } },
      (response) => {
        if (response.statusCode !== 200) return failed(new Error(`the feed answered ${response.statusCode}`));
        response.on('data', onPiece);
        response.on('close', () => console.error('a subscriber was cut off'));
        return done();
      },
    );
    sent.on('error', failed);
    sent.end();
  });
}

/** Subscribers in a process of their own, which counts the entries that it is sent. */
function subscribers(count) {
  const child = fork(import.meta.filename, ['subscribers', '--subscribers', String(count)]);
  process.on('exit', () => child.kill());
  return new Promise((done) => child.once('message', () => done(child)));
}

async function connect() {
  const count = option('subscribers', 1);
  let entries = 0;
  const onPiece = (piece) => {
    for (let i = piece.indexOf('event: rule'); i >= 0; i = piece.indexOf('event: rule', i + 1)) entries++;
  };
  for (let open = 0; open < count; open += 50) {
    await Promise.all(Array.from({ length: Math.min(50, count - open) }, () => subscribe(onPiece)));
  }
  process.send('connected');
  process.on('message', () => process.send(entries));
  await new Promise(() => {});
}

/** CPU seconds and resident bytes of the issuer's process. */
function issuerProcess() {
  const pid = execFileSync('sh', ['-c', 'ss -Hltnp "sport = :9000" | grep -o "pid=[0-9]*" | head -1 | cut -d= -f2'])
    .toString()
    .trim();
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return { cpu: (Number(stat[11]) + Number(stat[12])) / 100, resident: Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024 };
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const figures = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  return `p50 ${at(sorted, 0.5).toFixed(1)} ms, p99 ${at(sorted, 0.99).toFixed(1)} ms, max ${sorted.at(-1).toFixed(1)} ms (${sorted.length})`;
};

async function latency() {
  const [count, rate] = [option('subscribers', 100), option('rate', 500)];
  const child = await subscribers(count);
  console.log(`${count} subscribers connected; getting ${rate * seconds} tokens`);
  const tokens = [];
  while (tokens.length < rate * seconds) tokens.push(...(await Promise.all(Array.from({ length: 32 }, token))));
  await pause(2000);
  const [acknowledged, fromAnswer, fromRequest] = [[], [], []];
  let failures = 0;
  const running = new Set();
  const before = issuerProcess();
  const begun = performance.now();
  for (let i = 0; i < rate * seconds; i++) {
    const wait = begun + (i * 1000) / rate - performance.now();
    if (wait > 1) await pause(wait);
    const one = (async () => {
      const sent = performance.now();
      if ((await revoke(tokens[i])).status !== 200) return failures++;
      const answered = performance.now();
      acknowledged.push(answered - sent);
      if (i % SAMPLED_EVERY === 0) {
        while (!(await refused(tokens[i]))) await pause(1);
        fromAnswer.push(performance.now() - answered);
        fromRequest.push(performance.now() - sent);
      }
      return 0;
    })();
    running.add(one);
    one.finally(() => running.delete(one));
  }
  await Promise.all(running);
  const took = (performance.now() - begun) / 1000;
  const after = issuerProcess();
  await pause(1000);
  const entries = await new Promise((done) => {
    child.once('message', done);
    child.send('how many');
  });
  console.log(`${acknowledged.length} revocations in ${took.toFixed(1)} s, ${failures} failed, ${entries} entries received`);
  console.log(`revocation answered:             ${figures(acknowledged)}`);
  console.log(`answer to refusal by inventory:  ${figures(fromAnswer)}`);
  console.log(`request to refusal by inventory: ${figures(fromRequest)}`);
  console.log(`issuer: ${((after.cpu - before.cpu) / took).toFixed(2)} cores`);
  const metrics = (await call('http://localhost:9001/actuator/prometheus')).text;
  console.log(metrics.split('\n').filter((line) => /^gatehouse_revocation_applied/.test(line)).join('\n'));
}

async function idle() {
  const count = option('subscribers', 10_000);
  const empty = issuerProcess();
  await subscribers(count);
  await pause(5000);
  const before = issuerProcess();
  await pause(seconds * 1000);
  const after = issuerProcess();
  console.log(`${count} idle subscribers: ${(((after.cpu - before.cpu) / seconds) * 100).toFixed(1)} % of a core, ` +
    `${after.resident.toFixed(0)} MB resident (${empty.resident.toFixed(0)} MB without)`);
}

await { latency, idle, subscribers: connect }[mode]();
process.exit(0);
