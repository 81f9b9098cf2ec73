/** Just enough of Redis' protocol: commands out, replies back in order, any number of them under way. */
import { connect } from 'node:net';

export function redisClient(port) {
  const socket = connect(port, '127.0.0.1');
  const waiting = [];
  let rest = Buffer.alloc(0);

  socket.on('data', (piece) => {
    rest = rest.length ? Buffer.concat([rest, piece]) : piece;
    for (let at = 0; ; ) {
      const reply = parse(rest, at);
      if (!reply) {
        rest = rest.subarray(at);
        return;
      }
      at = reply.end;
      const { done, failed } = waiting.shift();
      if (reply.value instanceof Error) failed(reply.value);
      else done(reply.value);
    }
  });
  socket.on('error', (failure) => waiting.splice(0).forEach(({ failed }) => failed(failure)));

  return {
    command: (...words) =>
      new Promise((done, failed) => {
        waiting.push({ done, failed });
        socket.write(encode(words));
      }),
    close: () => socket.end(),
  };
}

function encode(words) {
  const parts = [Buffer.from(`*${words.length}\r\n`)];
  for (const word of words) {
    const bytes = Buffer.isBuffer(word) ? word : Buffer.from(String(word));
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'));
  }
  return Buffer.concat(parts);
}

/** The reply that begins there and where it ends, or nothing when it is not whole yet. */
function parse(bytes, at) {
  const line = bytes.indexOf('\r\n', at);
  if (line < 0) return undefined;
  const [type, text, next] = [bytes[at], bytes.toString('latin1', at + 1, line), line + 2];
  switch (String.fromCharCode(type)) {
    case '+':
      return { value: text, end: next };
    case '-':
      return { value: new Error(text), end: next };
    case ':':
      return { value: Number(text), end: next };
    case '$': {
      const length = Number(text);
      if (length < 0) return { value: null, end: next };
      return bytes.length < next + length + 2 ? undefined : { value: bytes.subarray(next, next + length), end: next + length + 2 };
    }
    case '*': {
      const value = [];
      let end = next;
      for (let i = 0; i < Number(text); i++) {
        const element = parse(bytes, end);
        if (!element) return undefined;
        value.push(element.value);
        end = element.end;
      }
      return { value, end };
    }
    default:
      throw new Error(`Redis said ${text}`);
  }
}
