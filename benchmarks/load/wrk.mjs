/** Load by wrk in two threads: from 32 connections that ask again when they are answered, or from any number that pause in between. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { basic, encoded } from './http.mjs';
import { LOAD, work } from './places.mjs';

const CONNECTIONS = 32;

/** Each connection holds one, and its thread has another at hand. */
export const TOKENS_FOR_REFRESH = 1.5 * CONNECTIONS;

const head = (url, method, headers) =>
  [`${method} ${new URL(url).pathname} HTTP/1.1`, `Host: ${new URL(url).host}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '']
    .join('\r\n');

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' };

export const getRequest = (url) => `${head(url, 'GET', {})}\r\n`;

export function formRequest(url, client, form) {
  const body = encoded(form);
  return `${head(url, 'POST', { ...FORM, Authorization: basic(client), 'Content-Length': body.length })}\r\n${body}`;
}

/** As fast as the answers come. */
export const FULL = { connections: CONNECTIONS };

/** Sends these requests in turn. */
export function repeated(name, url, requests, pace = FULL) {
  const file = join(work('requests'), name);
  writeFileSync(file, requests.map((request) => `${request}\0`).join(''));
  return (seconds) => wrk(url, 'repeat.lua', [file], seconds, pace);
}

/** Refreshes with these tokens and their successors. */
export function refreshed(name, url, client, tokens, pace = FULL) {
  const file = join(work('requests'), name);
  writeFileSync(file, tokens.map((token) => `${encodeURIComponent(token)}\n`).join(''));
  return (seconds) => wrk(url, 'refresh.lua', [file, head(url, 'POST', { ...FORM, Authorization: basic(client) })], seconds, pace);
}

async function wrk(url, script, parameters, seconds, { connections, pause = '' }) {
  const load = ['-t', '2', '-c', connections, '-d', `${seconds}s`, '--timeout', '10s', '-s', join(LOAD, script), url, '--', ...parameters];
  const { stdout } = await promisify(execFile)('wrk', load.map(String), { env: { ...process.env, BENCHMARK_LUA: LOAD, BENCHMARK_PAUSE: pause } });
  const { refused, broken, ...rest } = JSON.parse(/SUMMARY (.*)/.exec(stdout)[1]);
  return { ...rest, answered: rest.answered - refused, failed: refused + broken };
}
