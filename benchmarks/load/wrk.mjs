/** Closed-loop load by wrk: two threads, 32 connections. */
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

/** Sends these requests in turn. */
export function repeated(name, url, requests) {
  const file = join(work('requests'), name);
  writeFileSync(file, requests.map((request) => `${request}\0`).join(''));
  return (seconds) => wrk(url, 'repeat.lua', [file], seconds);
}

/** Refreshes with these tokens and their successors. */
export function refreshed(name, url, client, tokens) {
  const file = join(work('requests'), name);
  writeFileSync(file, tokens.map((token) => `${encodeURIComponent(token)}\n`).join(''));
  return (seconds) => wrk(url, 'refresh.lua', [file, head(url, 'POST', { ...FORM, Authorization: basic(client) })], seconds);
}

async function wrk(url, script, parameters, seconds) {
  const load = ['-t', '2', '-c', CONNECTIONS, '-d', `${seconds}s`, '--timeout', '10s', '-s', join(LOAD, script), url, '--', ...parameters];
  const { stdout } = await promisify(execFile)('wrk', load.map(String), { env: { ...process.env, BENCHMARK_LUA: LOAD } });
  const { refused, broken, ...rest } = JSON.parse(/SUMMARY (.*)/.exec(stdout)[1]);
  return { ...rest, answered: rest.answered - refused, failed: refused + broken };
}
