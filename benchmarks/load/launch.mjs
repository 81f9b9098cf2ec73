/** Starts servers as processes of their own, knows when they serve, and leaves none behind. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { call } from './http.mjs';
import { work } from './places.mjs';
import { cpuSeconds } from './processes.mjs';

const PATIENCE = 120_000;

const running = new Set();

process.on('exit', () => running.forEach((child) => child.endsWithItsInput || signal(child, 'SIGKILL')));
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => process.exit(1));

/** To the process and all that it has started. */
function signal(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch {
    // It has gone.
  }
}

/** Its output goes to a log, its standard input is open; it is killed when this process ends. */
export function launch(name, command, parameters, environment = {}, cwd = undefined) {
  const log = join(work('logs'), `${name}.log`);
  const out = openSync(log, 'w');
  const child = spawn(command, parameters, { cwd, env: { ...process.env, ...environment }, stdio: ['pipe', out, out], detached: true });
  closeSync(out);
  child.title = name;
  child.log = log;
  child.ended = new Promise((done) => child.once('close', done).once('error', done));
  child.ended.then(() => running.delete(child));
  running.add(child);
  return child;
}

/** Waits until the attempt succeeds; a process that ends meanwhile has failed. */
export async function awaitUp(child, attempt) {
  const begun = performance.now();
  while (performance.now() - begun < PATIENCE) {
    const answer = await attempt().catch(() => undefined);
    if (answer) return answer;
    if (!running.has(child)) break;
    await pause(10);
  }
  throw new Error(`${child.title} does not serve; its log says why`);
}

/** From the start of the process to its first token: seconds of the clock and of processor time. */
export async function firstToken(start, get) {
  const begun = performance.now();
  const child = start();
  await awaitUp(child, get);
  return { child, seconds: (performance.now() - begun) / 1000, cpu: cpuSeconds([child.pid]) };
}

/** Waits until the address answers 200. */
export const awaitOk = (child, url) => awaitUp(child, async () => (await call(url)).status === 200);

export async function stop(child) {
  signal(child, 'SIGTERM');
  const killed = setTimeout(() => signal(child, 'SIGKILL'), 20_000);
  await child.ended;
  clearTimeout(killed);
}

/** Stops what a part that has failed left running; what ends with its input is not touched. */
export const stopRest = () => Promise.all([...running].filter((child) => !child.endsWithItsInput).map(stop));
