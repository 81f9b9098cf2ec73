/**
 * Open-loop load: requests are sent when their time has come, whether or not the ones before have been answered, as people and
 * services do who do not know of each other. Latency counts from the time at which a request was due.
 */
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const TICK = 5;

/** A request that finds no free connection opens one, up to so many; past that it waits, and its waiting counts. */
const MOST_CONNECTIONS = 6000;

const RETRY_AFTER = /\r\nretry-after: \d+/i;

/** Sends copies of one request at a rate for so long. */
export async function openLoop(url, request, rate, seconds) {
  const { hostname, port } = new URL(url);
  const [idle, due, answers] = [[], [], []];
  let [connections, broken, answered] = [0, 0, 0];

  function open() {
    connections++;
    const socket = connect(Number(port), hostname);
    socket.setNoDelay(true);
    let text = '';
    let asked;
    socket.ask = (at) => {
      asked = at;
      socket.write(request);
    };
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
      const length = wholeAnswer(text);
      if (!length) return;
      answers.push({ status: Number(text.slice(9, 12)), took: performance.now() - asked, retryAfter: RETRY_AFTER.test(text) });
      answered++;
      const closing = /\r\nconnection: close/i.test(text);
      text = text.slice(length);
      asked = undefined;
      if (closing) socket.end();
      else if (due.length) socket.ask(due.shift());
      else idle.push(socket);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      connections--;
      if (asked !== undefined) broken++;
      const at = idle.indexOf(socket);
      if (at >= 0) idle.splice(at, 1);
    });
    return socket;
  }

  const begun = performance.now();
  const total = Math.round(rate * seconds);
  for (let sent = 0; sent < total; ) {
    const now = performance.now();
    for (; sent < total && begun + (sent * 1000) / rate <= now; sent++) {
      const at = begun + (sent * 1000) / rate;
      const free = idle.pop() ?? (connections < MOST_CONNECTIONS ? open() : undefined);
      if (free) free.ask(at);
      else due.push(at);
    }
    await pause(TICK);
  }
  for (let waited = 0; answered + broken < total - due.length && waited < 10_000; waited += 50) await pause(50);
  return { sent: total, answers, broken: total - answered };
}

/** How long the answer at the beginning of the text is, or nothing when it is not whole yet. */
function wholeAnswer(text) {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, head + 2));
  if (length) return text.length >= head + 4 + Number(length[1]) ? head + 4 + Number(length[1]) : undefined;
  const end = text.indexOf('\r\n0\r\n\r\n', head + 2);
  if (end >= 0) return end + 7;
  return /\r\ntransfer-encoding: chunked/i.test(text.slice(0, head + 2)) ? undefined : head + 4;
}
