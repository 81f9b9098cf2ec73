/**
 * What happens to the issuer when more comes than it can work: requests come at a fixed rate, however late the answers are.
 *
 *     node benchmarks/overload.mjs [--times 3] [--seconds 20] [--connections 2000] [--rate N]
 *
 * Against a running demo (`./gatehouse demo --no-samples`). First it is found how many client-credentials tokens a second the issuer gives to 32 connections
 * that wait for each answer; then so many times as many are asked for (or --rate a second), while a few revocations, reads of the keys
 * and one subscriber to the feed go on beside. A latency counts from the moment at which the request was due, whether or not a connection was free.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const HOST = { host: '127.0.0.1', port: 9000 };
const WARM_UP_SECONDS = 15;
const SUSTAINED_SECONDS = 10;
const CLOSED_CONNECTIONS = 32;

const rest = process.argv.slice(2);
const option = (name, fallback) => {
  const at = rest.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(rest[at + 1]);
};
const seconds = option('seconds', 20);
const basic = (id, secret) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
const form = 'application/x-www-form-urlencoded';
const GRANT = 'grant_type=client_credentials';
const TOKEN = Buffer.from(
  `POST /oauth2/token HTTP/1.1\r\nHost: localhost:9000\r\nAuthorization: ${basic('load', 'load-secret')}\r\n` +
    `Content-Type: ${form}\r\nContent-Length: ${GRANT.length}\r\n\r\n${GRANT}`,
);

/** One connection that asks for tokens, one at a time: nothing else of HTTP than what such an answer needs. After a 503 the server closes it. */
class Connection {
  #socket;
  #text = '';
  #answered;
  isOpen = true;

  constructor(onClosed) {
    this.#socket = connect(HOST).setNoDelay(true).setEncoding('latin1');
    this.#socket.on('data', (piece) => this.#read(piece));
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      this.isOpen = false;
      onClosed(this);
      this.#answered?.(0, false);
    });
  }

  /** Calls back with the status, or 0 when the connection broke, and whether there was a Retry-After. */
  ask(answered) {
    this.#answered = answered;
    this.#socket.write(TOKEN);
  }

  #read(piece) {
    this.#text += piece;
    const end = this.#text.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = /\r\ncontent-length: (\d+)/i.exec(this.#text.slice(0, end));
    if (length ? this.#text.length < end + 4 + Number(length[1]) : !this.#text.endsWith('0\r\n\r\n')) return;
    const [status, later] = [Number(this.#text.slice(9, 12)), this.#text.slice(0, end).includes('\r\nRetry-After: ')];
    const answered = this.#answered;
    this.#text = '';
    this.#answered = undefined;
    if (status !== 200) this.close();
    answered(status, later);
  }

  close() {
    this.isOpen = false;
    this.#socket.destroy();
  }
}

/** Tokens a second that the issuer gives to a few connections, each asking again when it is answered. */
async function sustained(forSeconds) {
  let tokens = 0;
  let over = false;
  const connections = Array.from({ length: CLOSED_CONNECTIONS }, () => new Connection(() => {}));
  const again = (connection) =>
    connection.ask((status) => {
      if (over) return;
      if (status !== 200) throw new Error(`the issuer answered ${status} to ${CLOSED_CONNECTIONS} connections`);
      tokens++;
      again(connection);
    });
  connections.forEach(again);
  await pause(forSeconds * 1000);
  over = true;
  connections.forEach((connection) => connection.close());
  return tokens / forSeconds;
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 });
function call(path, { headers = {}, body } = {}) {
  const begun = performance.now();
  return new Promise((done) => {
    const sent = request(
      { ...HOST, path, agent, method: body ? 'POST' : 'GET', headers: { ...headers, ...(body && { 'content-type': form }) } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece) => (text += piece));
        response.on('end', () => done({ status: response.statusCode, text, took: performance.now() - begun }));
      },
    );
    sent.on('error', () => done({ status: 0, text: '', took: performance.now() - begun }));
    sent.end(body);
  });
}
const load = { authorization: basic('load', 'load-secret') };
const inventory = { authorization: basic('inventory', 'inventory-secret') };

/** The longest pause between two pieces of the feed. */
function follow() {
  const seen = { last: performance.now(), longest: 0 };
  request({ ...HOST, path: '/revocations/feed', headers: { ...inventory, accept: 'text/event-stream' } }, (response) => {
    response.on('data', () => {
      const now = performance.now();
      seen.longest = Math.max(seen.longest, now - seen.last);
      seen.last = now;
    });
  })
    .on('error', () => {})
    .end();
  return seen;
}

function issuerProcess() {
  const pid = execFileSync('sh', ['-c', 'ss -Hltnp "sport = :9000" | grep -o "pid=[0-9]*" | head -1 | cut -d= -f2']).toString().trim();
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return { cpu: (Number(stat[11]) + Number(stat[12])) / 100, resident: Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024 };
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const figures = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.length === 0
    ? 'none'
    : `p50 ${at(sorted, 0.5).toFixed(0)} ms, p99 ${at(sorted, 0.99).toFixed(0)} ms, max ${sorted.at(-1).toFixed(0)} ms (${sorted.length})`;
};

await sustained(WARM_UP_SECONDS);
const capacity = await sustained(SUSTAINED_SECONDS);
const rate = option('rate', Math.round(capacity * option('times', 3)));
console.log(`${capacity.toFixed(0)} tokens a second are sustained by ${CLOSED_CONNECTIONS} connections; now ${rate} requests a second for ${seconds} s`);

const toRevoke = [];
while (toRevoke.length < seconds * 5) toRevoke.push(JSON.parse((await call('/oauth2/token', { headers: load, body: GRANT })).text).access_token);

const most = option('connections', 2000);
const free = [];
const all = new Set();
const waiting = [];
const admitted = { first: [], later: [] };
const shed = [];
let failed = 0;
let silent = 0;
const connection = () => {
  while (free.length > 0) {
    const one = free.pop();
    if (one.isOpen) return one;
  }
  if (all.size >= most) return undefined;
  const made = new Connection((closed) => all.delete(closed));
  all.add(made);
  return made;
};
const ask = (one, due) =>
  one.ask((status, later) => {
    const took = performance.now() - due;
    if (status === 200) (due - begun < 2000 ? admitted.first : admitted.later).push(took);
    else if (status === 503) {
      shed.push(took);
      if (!later) silent++;
    } else failed++;
    if (one.isOpen) free.push(one);
    else all.delete(one);
    const next = waiting.length > 0 ? connection() : undefined;
    if (next) ask(next, waiting.shift());
  });

const feed = follow();
const [revocations, keys] = [[], []];
let refused = 0;
const before = issuerProcess();
const begun = performance.now();
const probes = (async () => {
  for (let i = 0; i < toRevoke.length; i++) {
    const wait = begun + i * 200 - performance.now();
    if (wait > 0) await pause(wait);
    call('/oauth2/revoke', { headers: load, body: `token=${toRevoke[i]}` }).then((answer) => {
      revocations.push(answer.took);
      if (answer.status !== 200) refused++;
    });
    call('/oauth2/jwks').then((answer) => {
      keys.push(answer.took);
      if (answer.status !== 200) refused++;
    });
  }
})();
for (let sent = 0; sent < rate * seconds; ) {
  await pause(1);
  const due = Math.min(rate * seconds, Math.floor(((performance.now() - begun) / 1000) * rate));
  for (; sent < due; sent++) {
    const when = begun + (sent * 1000) / rate;
    const one = connection();
    if (one) ask(one, when);
    else waiting.push(when);
  }
}
await probes;
await pause(2000);
const took = (performance.now() - begun) / 1000;
const after = issuerProcess();
const unanswered = rate * seconds - admitted.first.length - admitted.later.length - shed.length - failed;
console.log(`admitted in the first two seconds: ${figures(admitted.first)}`);
console.log(`admitted after that:               ${figures(admitted.later)}, ${(admitted.later.length / (seconds - 2)).toFixed(0)} a second`);
console.log(`503:                               ${figures(shed)}, ${silent} without Retry-After`);
console.log(`failed: ${failed}, unanswered after two seconds: ${unanswered}, connections: ${all.size}`);
console.log(`revocations: ${figures(revocations)}; keys: ${figures(keys)}; refused: ${refused}; longest pause of the feed: ${feed.longest.toFixed(0)} ms`);
console.log(`issuer: ${((after.cpu - before.cpu) / took).toFixed(2)} cores, ${after.resident.toFixed(0)} MB resident (${before.resident.toFixed(0)} MB before)`);
process.exit(0);
