/** PostgreSQL and Redis for a run, empty, with writes synced as in production. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch, awaitUp } from './launch.mjs';
import { BENCHMARKS, JAVA } from './places.mjs';

export async function startStores() {
  const child = launch('stores', JAVA, ['-Xmx64m', '-cp', join(BENCHMARKS, 'target', 'benchmarks.jar'), 'dev.gatehouse.benchmarks.Stores']);
  child.endsWithItsInput = true;
  const lines = () => readFileSync(child.log, 'utf8').split('\n').slice(0, -1);
  const line = await awaitUp(child, async () => lines().find((one) => one.startsWith('{')));
  const { postgres, redis } = JSON.parse(line);
  return {
    postgres,
    redis,
    /** Executes a statement; the first value that it selects. */
    async sql(statement) {
      const answers = () => lines().filter((line) => line.startsWith('done '));
      const before = answers().length;
      child.stdin.write(`${statement.replace(/\s+/g, ' ')}\n`);
      await awaitUp(child, async () => answers().length > before);
      return answers().at(-1).slice('done '.length);
    },
    async stop() {
      child.stdin.end();
      await child.ended;
    },
  };
}
