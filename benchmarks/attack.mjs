/**
 * What a login storm does to the owner of an account and to the token endpoint, and what it gets.
 *
 *     node benchmarks/attack.mjs [--seconds 20] [--rate 2000] [--addresses 1000]
 *
 * Starts a demo of its own (`./gatehouse demo --no-samples`, on the usual ports, data in a temporary directory) which believes
 * forwarded addresses from loopback, and stops it again. The issuer, PostgreSQL, Redis and the load share the machine: the
 * load's own part is taken out by a control before each row: the same tokens and the same owner, and the same flood against a
 * socket that answers every request with the same bytes.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const HOST = '127.0.0.1';
const PORT = 9000;
const CONTROL_PORT = 9100;
const TOKEN_CONNECTIONS = 8;
const FLOOD_CONNECTIONS = 400;
const WARM_UP = 45;

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const [seconds, rate, addresses] = [option('seconds', 20), option('rate', 2000), option('addresses', 1000)];

/** One kept-alive connection that sends prepared requests, one after the other. */
class Connection {
  #socket;
  #buffer = '';
  #waiting;

  constructor(port) {
    this.port = port;
  }

  #open() {
    this.#socket = connect(this.port, HOST);
    this.#socket.setNoDelay(true);
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (piece) => {
      this.#buffer += piece;
      this.#answered();
    });
    const lost = () => {
      this.#socket = undefined;
      this.#finish({ status: 0, head: '', body: '' });
    };
    this.#socket.on('error', lost);
    this.#socket.on('close', lost);
  }

  #answered() {
    const end = this.#buffer.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#buffer.slice(0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(head);
    const whole = length ? this.#buffer.length >= end + 4 + Number(length[1]) : this.#buffer.endsWith('\r\n0\r\n\r\n');
    if (whole) this.#finish({ status: Number(head.slice(9, 12)), head, body: this.#buffer.slice(end + 4) });
  }

  #finish(answer) {
    const done = this.#waiting;
    this.#buffer = '';
    this.#waiting = undefined;
    if (/\r\nconnection: close/i.test(answer.head)) this.close();
    done?.(answer);
  }

  send(request) {
    return new Promise((done) => {
      this.#waiting = done;
      if (!this.#socket) this.#open();
      this.#socket.write(request);
    });
  }

  close() {
    this.#socket?.removeAllListeners();
    this.#socket?.on('error', () => {});
    this.#socket?.destroy();
    this.#socket = undefined;
  }
}

function post(path, form, headers = {}) {
  const body = new URLSearchParams(form).toString();
  const lines = Object.entries({ host: `localhost:${PORT}`, 'content-type': 'application/x-www-form-urlencoded',
    'content-length': body.length, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `POST ${path} HTTP/1.1\r\n${lines}\r\n${body}`;
}

/** A browser's form token and the cookie that belongs to it; good for any number of posts. */
async function form() {
  const connection = new Connection(PORT);
  const { head, body } = await connection.send(`GET /login HTTP/1.1\r\nhost: localhost:${PORT}\r\naccept: text/html\r\n\r\n`);
  connection.close();
  return { cookie: /gatehouse-csrf=[^;]*/.exec(head)[0], token: /name="_csrf" value="([^"]*)"/.exec(body)[1] };
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

/** The parts of the load, each in a thread of its own. Each answers with what it saw. */
const parts = {
  async tokens() {
    const request = post('/oauth2/token', { grant_type: 'client_credentials' },
      { authorization: `Basic ${Buffer.from('load:load-secret').toString('base64')}` });
    const until = performance.now() + workerData.seconds * 1000;
    let [good, bad] = [0, 0];
    await Promise.all(Array.from({ length: TOKEN_CONNECTIONS }, async () => {
      const connection = new Connection(PORT);
      while (performance.now() < until) (await connection.send(request)).status === 200 ? good++ : bad++;
      connection.close();
    }));
    return { perSecond: good / workerData.seconds, bad };
  },

  /** Guesses at a steady rate, each from the next address; what cannot be sent because all connections wait is not sent. */
  async flood() {
    const { port, seconds, rate, addresses, names } = workerData;
    const { cookie, token } = workerData.form;
    const idle = Array.from({ length: FLOOD_CONNECTIONS }, () => new Connection(port));
    const [statuses, waits] = [{}, []];
    const begun = performance.now();
    let [sent, unsent] = [0, 0];
    const guess = async (connection, number) => {
      const address = `127.${10 + (number % addresses >> 8)}.${number % addresses & 255}.7`;
      const username = names === 1 ? 'alice' : `name-${number % names}`;
      const at = performance.now();
      const { status } = await connection.send(post('/login', { _csrf: token, username, password: `guess-${number}` },
        { cookie, accept: 'text/html', 'x-forwarded-for': address }));
      statuses[status] = (statuses[status] ?? 0) + 1;
      waits.push(performance.now() - at);
      idle.push(connection);
    };
    while (performance.now() < begun + seconds * 1000) {
      for (const due = (performance.now() - begun) * rate / 1000; sent + unsent < due;) {
        const connection = idle.pop();
        if (connection) guess(connection, sent++);
        else unsent++;
      }
      await pause(2);
    }
    await Promise.race([pause(5000), (async () => { while (idle.length < FLOOD_CONNECTIONS) await pause(20); })()]);
    const sorted = waits.toSorted((a, b) => a - b);
    return { sent, unsent, statuses, p50: at(sorted, 0.5), p99: at(sorted, 0.99) };
  },

  /** The owner logs in on a device that knows them, twice a second at most. */
  async owner() {
    const { cookie, token } = workerData.form;
    const connection = new Connection(PORT);
    const headers = { cookie: `${cookie}; ${workerData.device}`, accept: 'text/html' };
    const request = post('/login', { _csrf: token, username: 'alice', password: 'wonderland-9Lives' }, headers);
    const [statuses, waits] = [{}, []];
    const until = performance.now() + workerData.seconds * 1000;
    while (performance.now() < until) {
      const begun = performance.now();
      const { status } = await connection.send(request);
      statuses[status] = (statuses[status] ?? 0) + 1;
      waits.push(performance.now() - begun);
      await pause(Math.max(0, 500 - (performance.now() - begun)));
    }
    connection.close();
    const sorted = waits.toSorted((a, b) => a - b);
    return { statuses, p50: at(sorted, 0.5), p99: at(sorted, 0.99), most: sorted.at(-1) };
  },

  /** Answers everything at once with the same bytes. */
  async control() {
    const answer = `HTTP/1.1 429 \r\ncontent-length: 2000\r\n\r\n${'x'.repeat(2000)}`;
    createServer((socket) => {
      socket.on('data', () => socket.write(answer));
      socket.on('error', () => socket.destroy());
    }).listen(CONTROL_PORT, HOST);
    parentPort.postMessage('listening');
    await new Promise(() => {});
  },
};

const part = (name, data) => new Promise((done, failed) => {
  const worker = new Worker(import.meta.filename, { workerData: { part: name, seconds, rate, addresses, ...data } });
  worker.once('message', done);
  worker.once('error', failed);
});

const stat = (pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');

/** The Redis that a demo has started. */
function redisOf(demo) {
  const pid = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).find((name) => {
    try {
      return readFileSync(`/proc/${name}/comm`, 'utf8').startsWith('redis') && Number(stat(name)[1]) === demo;
    } catch {
      return false; // it has ended meanwhile
    }
  });
  if (!pid) throw new Error('the demo has no Redis');
  return Number(pid);
}

/** CPU seconds; of a process that was killed, none. */
const cpu = (pid) => {
  if (!existsSync(`/proc/${pid}`)) return 0;
  const fields = stat(pid);
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

async function start(data) {
  const root = dirname(import.meta.dirname);
  const demo = spawn(join(root, 'gatehouse'), ['demo', '--no-samples', '--data', data], {
    env: { ...process.env, GATEHOUSE_WEB_TRUSTEDPROXIES: '127.0.0.0/8' },
    stdio: 'ignore',
  });
  for (let i = 0; i < 600; i++) {
    await pause(500);
    const connection = new Connection(PORT);
    const { status } = await Promise.race([connection.send(`GET /login HTTP/1.1\r\nhost: localhost:${PORT}\r\n\r\n`), pause(5000, {})]);
    connection.close();
    if (status === 200) return demo;
    if (demo.exitCode !== null) throw new Error('the demo did not start');
  }
  throw new Error('the demo did not start in time');
}

/** The device cookie that the owner's browser gets at a login. */
async function device(page) {
  const connection = new Connection(PORT);
  const { head } = await connection.send(post('/login',
    { _csrf: page.token, username: 'alice', password: 'wonderland-9Lives' }, { cookie: page.cookie, accept: 'text/html' }));
  connection.close();
  return /gatehouse-device=[^;]*/.exec(head)[0];
}

const shown = (statuses) => Object.entries(statuses).map(([status, count]) => `${status}: ${count}`).join(', ');

async function main() {
  const data = mkdtempSync(join(tmpdir(), 'gatehouse-attack-'));
  const demo = await start(data);
  const issuer = Number(execFileSync('sh', ['-c', `ss -Hltnp "sport = :${PORT}" | grep -o "pid=[0-9]*" | head -1 | cut -d= -f2`]).toString());
  const redis = redisOf(demo.pid);
  try {
    const page = await form();
    const known = { form: page, device: await device(page) };
    const measured = async (name, load) => {
      const before = [cpu(issuer), cpu(redis)];
      const results = await Promise.all(load);
      const [cores, redisCores] = [cpu(issuer) - before[0], cpu(redis) - before[1]].map((used) => used / seconds);
      console.log(`\n${name}  (issuer ${cores.toFixed(2)} cores, Redis ${redisCores.toFixed(2)})`);
      return { results, cores };
    };
    const tokens = () => part('tokens');
    const flood = (data) => part('flood', { form: page, port: PORT, names: 1, ...data });
    const owner = () => part('owner', known);
    const tellFlood = ({ sent, unsent, statuses, p50, p99 }) =>
      console.log(`  guesses   ${sent} sent, ${unsent} not, ${shown(statuses)}; p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
    const tellOwner = ({ statuses, p50, p99, most }) =>
      console.log(`  owner     ${shown(statuses)}; p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, most ${most.toFixed(0)} ms`);

    await Promise.all([part('tokens', { seconds: WARM_UP }), part('owner', { ...known, seconds: WARM_UP }),
      part('flood', { form: page, port: PORT, names: 1e9, rate: 1000, seconds: WARM_UP, addresses: 50 })]);
    await new Promise((listening) => {
      const worker = new Worker(import.meta.filename, { workerData: { part: 'control' } });
      worker.once('message', listening);
      worker.unref();
    });

    const alone = await measured('tokens alone', [tokens()]);
    console.log(`  tokens    ${alone.results[0].perSecond.toFixed(0)}/s`);
    const attacked = async (name, attack, spoil = () => {}) => {
      const control = await measured('control', [tokens(), flood({ port: CONTROL_PORT }), owner()]);
      const base = control.results[0].perSecond;
      console.log(`  tokens    ${base.toFixed(0)}/s`);
      tellOwner(control.results[2]);
      spoil();
      const { results: [{ perSecond, bad }, guesses, person] } = await measured(name, [tokens(), flood(attack), owner()]);
      console.log(`  tokens    ${perSecond.toFixed(0)}/s, ${bad} refused: ${(100 * perSecond / base).toFixed(0)} % of the control, ` +
        `${(100 * perSecond / alone.results[0].perSecond).toFixed(0)} % of alone`);
      tellFlood(guesses);
      tellOwner(person);
    };

    const only = await measured('the flood against one account alone', [flood()]);
    tellFlood(only.results[0]);
    console.log(`  a guess costs the issuer ${(1000 * only.cores * seconds / only.results[0].sent).toFixed(3)} CPU-ms`);
    await attacked(`one account from ${addresses} addresses`, {});
    await attacked(`every guess at another account, from ${addresses} addresses`, { names: 1e9 });
    await attacked('one account, Redis frozen', {}, () => process.kill(redis, 'SIGSTOP'));
    process.kill(redis, 'SIGCONT');
    await pause(3000);
    await attacked('one account, Redis killed', {}, () => process.kill(redis, 'SIGKILL'));
  } finally {
    demo.kill('SIGTERM');
    await new Promise((done) => demo.once('exit', done));
    rmSync(data, { recursive: true, force: true });
  }
}

if (isMainThread) {
  await main();
  process.exit(0);
} else {
  parentPort.postMessage(await parts[workerData.part]());
}
