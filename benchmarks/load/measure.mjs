/** What a round of work costs each of the processes concerned. */
import { cpuSeconds, machineSeconds } from './processes.mjs';

/** Of the requests of a round that counts. */
export const BEARABLE_FAILURES = 0.01;

/** Puts the work on the server for so long; milliseconds of processor time for each answered request. */
export async function measured(server, go, seconds, bearable = BEARABLE_FAILURES) {
  const processes = { server: server.pids ?? server.child.pid, ...server.beside };
  const used = () => Object.fromEntries(Object.entries(processes).map(([name, pids]) => [name, cpuSeconds([pids].flat())]));
  const [before, machine, own] = [used(), machineSeconds(), process.cpuUsage()];
  const result = await go(seconds);
  const after = used();
  if (!result.answered || result.failed > bearable * (result.answered + result.failed)) {
    throw new Error(`${result.failed} of ${result.answered + result.failed} requests failed ${result.failure ?? ''}`.trim());
  }
  const spent = (name) => ((after[name] - before[name]) * 1000) / result.answered;
  const { user, system } = process.cpuUsage(own);
  return {
    ...result,
    perSecond: result.answered / result.seconds,
    cpu: spent('server'),
    hash: result.hashing === undefined ? undefined : (result.hashing * 1000) / result.answered,
    beside: Object.fromEntries(Object.keys(server.beside ?? {}).map((name) => [name, spent(name)])),
    machine: (machineSeconds() - machine) / result.seconds,
    harness: (user + system) / 1e6 / result.seconds,
  };
}

/** The middle one of the values that are there. */
export function median(values) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (!sorted.length) return undefined;
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
