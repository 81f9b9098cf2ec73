/** Processor time and memory of processes, as Linux counts them. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK']));

/** The fields of /proc/PID/stat from the third on, or nothing when the process has gone; of a thread by PID/task/TID. */
function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
  } catch {
    return undefined;
  }
}

/** The processes and all their descendants. */
export function family(pids) {
  const children = new Map();
  for (const entry of readdirSync('/proc')) {
    const parent = /^\d+$/.test(entry) && stat(entry)?.[1];
    if (parent) children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const all = new Set(pids);
  for (const pid of all) for (const child of children.get(pid) ?? []) all.add(child);
  return [...all];
}

/** User and system time of the processes, of their descendants, and of those descendants that have ended. */
export function cpuSeconds(pids) {
  let ticks = 0;
  for (const pid of family(pids)) {
    const [user, system, endedUser, endedSystem] = stat(pid)?.slice(11, 15) ?? [0, 0, 0, 0];
    ticks += user + system + endedUser + endedSystem;
  }
  return ticks / TICKS_PER_SECOND;
}

/** User and system time of the process' threads of one name. */
export function threadSeconds(pid, name) {
  const threads = readdirSync(`/proc/${pid}/task`).filter((thread) => readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').trim() === name);
  const ticks = threads.flatMap((thread) => stat(`${pid}/task/${thread}`)?.slice(11, 13) ?? []);
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS_PER_SECOND;
}

export function residentMiB(pids) {
  let kilobytes = 0;
  for (const pid of family(pids)) {
    try {
      kilobytes += Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It has gone.
    }
  }
  return kilobytes / 1024;
}

/** What all processes of the machine have used, in seconds. */
export function machineSeconds() {
  const [user, nice, system, , , interrupts, soft] = readFileSync('/proc/stat', 'utf8').split('\n')[0].trim().split(/\s+/).slice(1).map(Number);
  return (user + nice + system + interrupts + soft) / TICKS_PER_SECOND;
}
