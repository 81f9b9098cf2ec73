/** Gatehouse beside its rivals: starts all, puts each kind of work on each in turns, and prints what it cost as one table. */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { stop } from './launch.mjs';
import { measured, median } from './measure.mjs';
import { ORDER, PHASES } from './phases.mjs';
import { PROJECT } from './places.mjs';
import { residentMiB } from './processes.mjs';
import { floorByAmazon, floorByJdk } from './servers/floor.mjs';
import { gatehouse } from './servers/gatehouse.mjs';
import { keycloak } from './servers/keycloak.mjs';
import { oidcProvider } from './servers/oidc-provider.mjs';
import { spring } from './servers/spring.mjs';
import { startStores } from './stores.mjs';
import { figure, surroundings, table, write } from './tables.mjs';

const SERVERS = { gatehouse, 'floor-jdk': floorByJdk, floor: floorByAmazon, keycloak, spring, 'oidc-provider': oidcProvider };

const USAGE = `usage: benchmarks/run [--only SERVER,...] [--phases PHASE,...] [--quick] [--write]
                      [--seconds 6] [--rounds 3] [--warm-up 12] [--starts 3]

  --only     some of ${Object.keys(SERVERS).join(', ')} (default: all)
  --phases   some of ${PHASES.map((phase) => phase.id).join(', ')} (default: all)
  --quick    one short round of each, to see that all works
  --write    put the table into docs/performance.md too

What it measures and how is told in docs/performance.md. Downloads and logs are in benchmarks/target.`;

const names = { type: 'string' };
const { values: options } = parseArgs({
  options: {
    only: names,
    phases: names,
    quick: { type: 'boolean' },
    write: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
    seconds: names,
    rounds: names,
    'warm-up': names,
    starts: names,
  },
});
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}
const number = (name, quick, ordinary) => Number(options[name] ?? (options.quick ? quick : ordinary));
const [seconds, rounds, warmUp, starts] = [number('seconds', 2, 6), number('rounds', 1, 3), number('warm-up', 3, 12), number('starts', 1, 3)];

function chosen(all, names, what) {
  for (const name of names?.split(',') ?? []) if (!(name in all)) throw new Error(`no ${what} ${name}; there are ${Object.keys(all).join(', ')}`);
  return (names?.split(',') ?? Object.keys(all)).map((name) => all[name]);
}

const say = (text) => console.error(`${new Date().toTimeString().slice(0, 8)} ${text}`);

/** Servers that could not be measured, and work that could not be done, with the reason. */
const notRun = [];

function leaveOut(what, failure) {
  const reason = `${what}: not run: ${failure.message.split('\n')[0].replaceAll(PROJECT, '.')}`;
  say(reason);
  notRun.push(reason);
}

async function started(make, stores) {
  const server = make(stores);
  try {
    server.prepare?.();
    // The first start makes databases and keys, and imports; the ones after it are measured.
    const all = [];
    for (let i = 0; i <= starts; i++) {
      const start = await server.start();
      say(`${server.name}: first token after ${start.seconds.toFixed(2)} s, ${start.cpu.toFixed(2)} s of processor time`);
      all.push(start);
      server.child = start.child;
      if (i < starts) await stop(start.child);
    }
    const measuredStarts = all.slice(1);
    server.starts = { seconds: median(measuredStarts.map((s) => s.seconds)), cpu: median(measuredStarts.map((s) => s.cpu)) };
    return server;
  } catch (failure) {
    leaveOut(server.name, failure);
    return undefined;
  }
}

async function round(phase, server, warming) {
  const go = await phase.prepare(server);
  const sample = warming ? await measured(server, go, warmUp * (phase.warmUpTimes ?? 1), 1) : await measured(server, go, seconds);
  const beside = Object.entries(sample.beside).map(([name, value]) => `${name} ${value.toFixed(3)}`).join(' ');
  say(
    `${phase.id} ${server.name}: ${sample.cpu.toFixed(3)} CPU-ms ${beside} | ${sample.perSecond.toFixed(0)}/s p50 ${sample.p50.toFixed(1)} ms ` +
      `p99 ${sample.p99.toFixed(1)} ms, ${sample.failed} failed${sample.hash ? `, hash ${sample.hash.toFixed(2)}` : ''}, machine ${sample.machine.toFixed(2)} cores`,
  );
  return sample;
}

/** All servers in turns, round by round, so that what else happens on the machine strikes all alike. */
async function samplesOf(phase, servers) {
  const samples = new Map(servers.filter(phase.can).map((server) => [server, []]));
  for (let i = 0; i <= rounds; i++) {
    for (const [server, own] of samples) {
      try {
        const sample = await round(phase, server, i === 0);
        if (i > 0) own.push(sample);
      } catch (failure) {
        leaveOut(`${server.name}, ${phase.title}`, failure);
        samples.delete(server);
      }
    }
  }
  return samples;
}

function cell(samples = []) {
  const cost = figure(median(samples.map((sample) => sample.cpu)));
  const redis = median(samples.map((sample) => sample.beside.Redis));
  return cost && redis >= 0.001 ? `${cost} + Redis ${figure(redis)}` : cost;
}

const stores = await startStores();
const servers = [];
for (const make of chosen(SERVERS, options.only, 'server')) {
  const server = await started(make, stores);
  if (server) servers.push(server);
}
await pause(2000);

const phases = chosen(Object.fromEntries(PHASES.map((one) => [one.id, one])), options.phases, 'phase');
const done = new Map();
for (const phase of phases.toSorted((a, b) => ORDER.indexOf(a.id) - ORDER.indexOf(b.id))) done.set(phase, await samplesOf(phase, servers));

const rows = [];
for (const phase of phases) {
  const samples = done.get(phase);
  rows.push([phase.title, ...servers.map((server) => cell(samples.get(server))), phase.goal && `≤ ${phase.goal}`]);
  if (phase.id === 'login') {
    const without = (own = []) => figure(median(own.map((sample) => sample.cpu - (sample.hash || Infinity))));
    rows.push(['the same without the password hash', ...servers.map((server) => without(samples.get(server))), '≤ 3']);
  }
}
rows.push(['memory after all this, resident, MiB', ...servers.map((server) => figure(residentMiB([server.child.pid]))), '≤ 350']);
if (starts) {
  rows.push(['start to first token, seconds', ...servers.map((server) => figure(server.starts.seconds)), '≤ 3']);
  rows.push(['start to first token, CPU-seconds', ...servers.map((server) => figure(server.starts.cpu))]);
}

const text = [
  table(['CPU-ms for a request', ...servers.map((server) => server.name), 'goal'], rows),
  '',
  `${surroundings()} ${rounds} rounds of ${seconds} s each, in turns, after ${warmUp} s; the medians.`,
  ...notRun.map((reason) => `\n${reason}.`),
].join('\n');
console.log(text);
if (options.write) write('docs/performance.md', 'benchmarks/run', text);
await Promise.all(servers.map((server) => stop(server.child)));
await stores.stop();
process.exit(0);
