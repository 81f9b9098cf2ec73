/** Called by benchmarks/startup, in a directory with the extracted jar and the cache, with the stores' settings in the environment. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const [, , java, jar, rounds] = process.argv;
const ways = {
  'the jar': ['@jvm.options', '-jar', jar],
  'the jar, extracted': ['@jvm.options', '-jar', 'auth-server.jar'],
  'extracted, with the cache of classes': ['@jvm.options', '-XX:AOTCache=auth-server.aot', '-Xlog:aot=off', '-jar', 'auth-server.jar'],
};

/** The status of an answer, or 0 when there is none. */
function token() {
  return new Promise((done) => {
    request(
      `${process.env.GATEHOUSE_ISSUER}/oauth2/token`,
      {
        method: 'POST',
        agent: false,
        headers: {
          authorization: `Basic ${Buffer.from('load:load-secret').toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
      },
      (response) => response.resume().on('end', () => done(response.statusCode)),
    )
      .on('error', () => done(0))
      .end('grant_type=client_credentials');
  });
}

async function start(options) {
  const begun = performance.now();
  const server = spawn(java, options, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise((done) => server.on('exit', done));
  while ((await token()) !== 200) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    await pause(10);
  }
  const wall = (performance.now() - begun) / 1000;
  const stat = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const resident = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) / 1024;
  server.kill();
  await ended;
  return { wall, cpu: (Number(stat[11]) + Number(stat[12])) / 100, resident };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const line = (name, starts) =>
  console.log(
    `${name}: ${median(starts.map((s) => s.wall)).toFixed(2)} s (${starts.map((s) => s.wall.toFixed(2)).join(' ')}), ` +
      `${median(starts.map((s) => s.cpu)).toFixed(1)} s of processor time, ${median(starts.map((s) => s.resident)).toFixed(0)} MB resident`,
  );

line('the jar, on empty stores', [await start(ways['the jar'])]);
const starts = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
for (let round = 0; round < Number(rounds); round++) {
  for (const way of Object.keys(ways)) starts[way].push(await start(ways[way]));
}
for (const way of Object.keys(ways)) line(way, starts[way]);
