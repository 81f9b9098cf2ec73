/** Markdown tables, on the screen and between two markers of a page. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { JAVA, PROJECT } from './places.mjs';

export const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map((cell) => cell ?? '–').join(' | ')} |`).join('\n');

/** Three significant figures, no more than three places. */
export function figure(value) {
  if (!Number.isFinite(value)) return undefined;
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : value >= 1 ? 2 : 3);
}

/** Replaces what the page has between its markers of this name. */
export function write(page, name, text) {
  const file = join(PROJECT, page);
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const before = readFileSync(file, 'utf8');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no ${begin} and ${end}`);
  writeFileSync(file, `${before.slice(0, from + begin.length)}\n${text}\n${before.slice(to)}`);
}

/** The machine, the versions and the day, as a reader of the table needs them. */
export function surroundings() {
  const java = execFileSync(JAVA, ['--version']).toString().split('\n')[1].replace(/ \(.*/, '');
  const commit = execFileSync('git', ['-C', PROJECT, 'rev-parse', '--short', 'HEAD']).toString().trim();
  const system = /^PRETTY_NAME="(.*)"/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return `${new Date().toISOString().slice(0, 10)}, commit ${commit}; ${cpus().length} × ${cpus()[0].model}, ${memory}, ${system}; ${java}, Node ${process.versions.node}.`;
}
