/** Where things are. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const LOAD = dirname(fileURLToPath(import.meta.url));
export const BENCHMARKS = dirname(LOAD);
export const PROJECT = dirname(BENCHMARKS);
export const RIVALS = join(BENCHMARKS, 'rivals');
export const JAVA = join(process.env.JAVA_HOME, 'bin', 'java');

/** A directory for what a run makes and downloads; never committed. */
export function work(...path) {
  const directory = join(BENCHMARKS, 'target', ...path);
  mkdirSync(directory, { recursive: true });
  return directory;
}
