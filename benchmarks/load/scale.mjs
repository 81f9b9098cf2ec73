/** What many clients, many refresh families, several issuers and too much load do to Gatehouse. */
import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { bytesOf, copy, tokenWriter } from './families.mjs';
import { login, machineTokens } from './flows.mjs';
import { basic, call } from './http.mjs';
import { stop, stopRest } from './launch.mjs';
import { measured, median } from './measure.mjs';
import { openLoop } from './open-loop.mjs';
import { cpuSeconds, residentMiB } from './processes.mjs';
import { redisClient } from './redis.mjs';
import { gatehouse, masterKey } from './servers/gatehouse.mjs';
import { nginx } from './servers/nginx.mjs';
import { startStores } from './stores.mjs';
import { figure, surroundings, table, write } from './tables.mjs';
import { FULL, formRequest, refreshed, repeated } from './wrk.mjs';

const PARTS = { clients, families, replicas, overload };

/** What keeps an issuer busy for a good part of a core, so that three of them and all else fit on two. */
const [CONNECTIONS_OF_AN_ISSUER, PAUSE] = [16, 24];

/** Only root may have it. */
const GENERATOR_PRIORITY = -10;

const USAGE = `usage: benchmarks/scale [--only PART,...] [--families 1000,1000000,10000000] [--clients 10,1000,100000]
                        [--seconds 6] [--rounds 3] [--warm-up 10] [--write]

  --only     some of ${Object.keys(PARTS).join(', ')} (default: all)
  --write    put the tables into docs/performance.md too

Ten million families need 6 GB for Redis. What is measured and how is told in docs/performance.md.`;

const text = (value) => ({ type: 'string', default: value });
const { values: options } = parseArgs({
  options: {
    only: text(Object.keys(PARTS).join(',')),
    families: text('1000,1000000,10000000'),
    clients: text('10,1000,100000'),
    seconds: text('6'),
    rounds: text('3'),
    'warm-up': text('10'),
    write: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}
const numbers = (name) => options[name].split(',').map(Number);
const [[seconds], [rounds], [warmUp]] = ['seconds', 'rounds', 'warm-up'].map(numbers);
const say = (line) => console.error(`${new Date().toTimeString().slice(0, 8)} ${line}`);
const whole = (number) => number.toLocaleString('en');
const sealedSecret = async (stores) => Buffer.from(await stores.sql("select encode(sealed, 'hex') from server_secret"), 'hex');

/** So many numbers from one up to another, none of them twice, in no order. */
function drawn(count, from, to) {
  const all = new Set();
  while (all.size < Math.min(count, to - from)) all.add(from + Math.floor(Math.random() * (to - from)));
  return [...all];
}

/** The medians of some rounds after one that warms up; each gets its own work. */
async function rounded(what, server, prepare) {
  const samples = [];
  for (let i = 0; i <= rounds; i++) {
    const go = await prepare(i);
    const sample = i ? await measured(server, go, seconds) : await measured(server, go, warmUp, 1);
    say(`${what}: ${sample.cpu.toFixed(3)} CPU-ms, ${JSON.stringify(sample.beside)}, ${sample.perSecond.toFixed(0)}/s, p99 ${sample.p99.toFixed(1)} ms, ${sample.failed} failed`);
    if (i) samples.push(sample);
  }
  const of = (pick) => median(samples.map(pick));
  return { cpu: of((s) => s.cpu), perSecond: of((s) => s.perSecond), p99: of((s) => s.p99), beside: (name) => of((s) => s.beside[name]) };
}

async function startOne(stores) {
  const server = gatehouse(stores);
  server.child = (await server.start()).child;
  return server;
}

/** Token requests by clients that take turns in no order, one of many asking at a time. */
async function clients(stores) {
  const server = await startOne(stores);
  const rows = [];
  for (const count of numbers('clients')) {
    for (const [relation, id] of [['clients', 'id'], ['client_secrets', 'client_id']]) {
      await stores.sql(`insert into ${relation}
        select (jsonb_populate_record(model, jsonb_build_object('${id}', 'client-' || number))).*
        from ${relation} model, generate_series(0, ${count - 1}) number where model.${id} = '${server.machine.id}' on conflict do nothing`);
    }
    const result = await rounded(`${whole(count)} clients`, server, async () => {
      const asking = drawn(count, 0, count).map((number) => ({ ...server.machine, id: `client-${number}` }));
      return repeated('clients', server.token, asking.map((client) => formRequest(server.token, client, { grant_type: 'client_credentials' })));
    });
    rows.push([whole(count), figure(result.cpu), figure(result.beside('PostgreSQL')), result.perSecond.toFixed(0), figure(residentMiB([server.child.pid]))]);
  }
  await stop(server.child);
  return table(['clients registered', 'CPU-ms for a token', 'PostgreSQL', 'tokens a second', 'issuer, MiB'], rows);
}

/** Refreshes in families that are drawn from so many. */
async function families(stores) {
  const server = await startOne(stores);
  const redis = redisClient(stores.redis.port);
  const memory = async () => Number(/used_memory:(\d+)/.exec((await redis.command('INFO', 'memory')).toString())[1]);
  const { refresh_token: model } = await login(server, server.web.scopeWithoutIdToken);
  const token = tokenWriter(Buffer.from(readFileSync(server.key, 'utf8'), 'base64'), await sealedSecret(stores));
  const rows = [];
  const empty = await memory();
  let there = 0;
  for (const count of numbers('families')) {
    await copy(redis, model, there, count);
    const each = ((await memory()) - empty) / count;
    const value = median(await Promise.all(drawn(100, there, count).map((number) => bytesOf(redis, number))));
    say(`${whole(count)} families: ${each.toFixed(0)} bytes each, ${value} of them by MEMORY USAGE`);
    // Those that a smaller number has not refreshed yet, and enough of them for each round.
    const share = Math.min(Math.floor((count - there) / (rounds + 1)), 50_000);
    const all = drawn(share * (rounds + 1), there, count);
    there = count;
    const result = await rounded(`${whole(count)} families`, server, async (i) =>
      refreshed('families', server.token, server.web, all.slice(i * share, (i + 1) * share).map(token)),
    );
    rows.push([whole(count), each.toFixed(0), figure(result.cpu), figure(result.beside('Redis')), result.perSecond.toFixed(0), figure(residentMiB([stores.redis.pid]))]);
  }
  redis.close();
  await stop(server.child);
  return table(['families alive', 'bytes each', 'CPU-ms for a refresh', 'Redis', 'refreshes a second', 'Redis resident, MiB'], rows);
}

/** So many requests, by one, two and three issuers behind nginx, that each of them gets as many; all of them have been warmed up before. */
async function replicas(stores) {
  const [front, key] = [9400, masterKey()];
  const address = `http://127.0.0.1:${front}`;
  const settings = { GATEHOUSE_WEB_TRUSTEDPROXIES: '127.0.0.0/8', GATEHOUSE_RATELIMIT_REPLICAS: 3 };
  const issuers = [];
  for (let port = front + 10; issuers.length < 3; port += 10) {
    const issuer = gatehouse(stores, { port, issuer: address, key, settings });
    issuer.child = (await issuer.start()).child;
    issuers.push(issuer);
  }
  /** The first so many of them as if they were one server. */
  async function together(count) {
    const some = issuers.slice(0, count);
    const proxy = await nginx(front, some.map((issuer) => new URL(issuer.token).port));
    const server = {
      ...issuers[0],
      token: `${address}/oauth2/token`,
      authorize: `${address}/oauth2/authorize`,
      pids: some.map((issuer) => issuer.child.pid),
      beside: { ...issuers[0].beside, nginx: proxy.pid },
    };
    const request = formRequest(server.token, server.machine, { grant_type: 'client_credentials' });
    const refreshes = async (pace) => {
      const first = [];
      while (first.length < 1.5 * pace.connections) first.push((await login(server, server.web.scopeWithoutIdToken)).refresh_token);
      return refreshed('replicas', server.token, server.web, first, pace);
    };
    const pace = { connections: count * CONNECTIONS_OF_AN_ISSUER, pause: PAUSE };
    return { proxy, server, pace, tokens: async (pace) => repeated('replicas', server.token, [request], pace), refreshes };
  }
  const all = await together(3);
  for (const work of [all.tokens, all.refreshes]) await measured(all.server, await work(FULL), 3 * warmUp, 1);
  await stop(all.proxy);
  const rows = [];
  for (let count = 1; count <= 3; count++) {
    const { proxy, server, pace, tokens, refreshes } = await together(count);
    const used = () => server.pids.map((pid) => cpuSeconds([pid]));
    const before = used();
    const issued = await rounded(`${count} issuers, client_credentials`, server, () => tokens(pace));
    const spent = used().map((now, i) => now - before[i]);
    const total = spent.reduce((sum, one) => sum + one, 0);
    const renewed = await rounded(`${count} issuers, refresh`, server, () => refreshes(pace));
    const shares = spent.map((one) => `${((one * 100) / total).toFixed(0)} %`).join(', ');
    rows.push([count, figure(issued.cpu), figure(renewed.cpu), figure(issued.beside('nginx')), issued.perSecond.toFixed(0), shares]);
    await stop(proxy);
  }
  await Promise.all(issuers.map((issuer) => stop(issuer.child)));
  return table(['issuers', 'CPU-ms for a token', 'for a refresh', 'nginx', 'tokens a second', 'each issuer’s share of the work'], rows);
}

/** More token requests than there is processor time for, from callers that do not wait for each other; a few revocations and reads of the keys beside them. */
async function overload(stores) {
  const server = await startOne(stores);
  const request = formRequest(server.token, server.machine, { grant_type: 'client_credentials' });
  const closed = await rounded('closed loop', server, async () => repeated('overload', server.token, [request]));
  // What 32 callers who wait for each answer get out of it, with some room for the generator's own work.
  const sustainable = closed.perSecond * 0.7;
  // Else what is measured is how long the generator waits for the processors that it has asked the server to use.
  try {
    setPriority(GENERATOR_PRIORITY);
  } catch {
    say('without the right to a higher priority, latencies are also the load program\'s own');
  }
  const rows = [];
  for (const times of [1, 3]) {
    const toRevoke = await Promise.all(Array.from({ length: 15 * seconds }, () => machineTokens(server)));
    const [before, begun] = [cpuSeconds([server.child.pid]), performance.now()];
    const [{ sent, answers, broken }, beside] = await Promise.all([
      openLoop(server.token, request, sustainable * times, 3 * seconds),
      besides(server, toRevoke),
    ]);
    const cores = ((cpuSeconds([server.child.pid]) - before) * 1000) / (performance.now() - begun);
    const admitted = answers.filter((answer) => answer.status === 200);
    const refused = answers.filter((answer) => answer.status === 503);
    const silent = refused.filter((answer) => !answer.retryAfter).length;
    const others = answers.length - admitted.length - refused.length + broken;
    const share = (some) => `${((some.length * 100) / sent).toFixed(1)} %`;
    say(`${times} times: ${admitted.length} of ${sent} admitted, ${refused.length} refused, ${silent} without Retry-After, ${others} otherwise; server ${cores.toFixed(2)} cores`);
    rows.push([`${times} × ${sustainable.toFixed(0)}/s`, share(admitted), at(admitted, 0.5), at(admitted, 0.99), share(refused), at(refused, 0.99), others + silent,
      both(beside.revocations), both(beside.keys), beside.failed, residentMiB([server.child.pid]).toFixed(0)]);
  }
  setPriority(0);
  await stop(server.child);
  return table(['asked for', 'admitted', 'p50, ms', 'p99', '503', 'p99', 'failed, or without Retry-After', 'revocations: p50, p99', 'keys: p50, p99', 'of these failed', 'issuer, MiB'], rows);
}

/** Milliseconds that so many of the answers took at most. */
function at(answers, share) {
  const took = answers.map((answer) => answer.took).sort((a, b) => a - b);
  return took[Math.min(took.length - 1, Math.floor(took.length * share))]?.toFixed(0);
}

const both = (answers) => `${at(answers, 0.5)}, ${at(answers, 0.99)}`;

/** Five revocations and five reads of the keys a second, by callers who would rather not be told to come back. */
async function besides(server, toRevoke) {
  const headers = { authorization: basic(server.machine) };
  const [revocations, keys, asked] = [[], [], []];
  const ask = async (answers, address, options) => {
    const begun = performance.now();
    const { status } = await call(address, options).catch(() => ({ status: 0 }));
    answers.push({ status, took: performance.now() - begun });
  };
  for (const { access_token: token } of toRevoke) {
    asked.push(ask(revocations, server.revocation, { headers, form: { token } }), ask(keys, server.keySet));
    await pause(200);
  }
  await Promise.all(asked);
  return { revocations, keys, failed: [...revocations, ...keys].filter((answer) => answer.status !== 200).length };
}

const TITLES = {
  clients: 'Registered clients',
  families: 'Live refresh families',
  replicas: 'Issuers behind one proxy',
  overload: 'More than it can do',
};
const parts = [];
for (const name of options.only.split(',')) {
  if (!PARTS[name]) throw new Error(`no part ${name}; there are ${Object.keys(PARTS).join(', ')}`);
  // Each has stores of its own, so that none finds what another has left.
  const stores = await startStores();
  try {
    parts.push(`**${TITLES[name]}**\n\n${await PARTS[name](stores)}`);
  } catch (failure) {
    say(`${name}: ${failure.stack}`);
    parts.push(`**${TITLES[name]}**: not run: ${failure.message}.`);
  }
  await stopRest();
  await stores.stop();
}
const page = [...parts, `${surroundings()} ${rounds} rounds of ${seconds} s each after ${warmUp} s; the medians.`].join('\n\n');
console.log(page);
if (options.write) write('docs/performance.md', 'benchmarks/scale', page);
process.exit(0);
