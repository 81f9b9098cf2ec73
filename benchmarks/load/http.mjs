/** Plain HTTP for the scripts: forms out, status, headers and text back; a jar keeps cookies where one is given. */
import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export const basic = ({ id, secret }) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

export const encoded = (form) => new URLSearchParams(form).toString();

export function call(url, { method = 'GET', headers = {}, form, jar } = {}) {
  const body = form && encoded(form);
  const cookies = jar?.size ? { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') } : {};
  const content = body ? { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) } : {};
  return new Promise((done, failed) => {
    const sent = request(url, { method: body ? 'POST' : method, agent, headers: { ...headers, ...cookies, ...content } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece) => (text += piece));
      response.on('error', failed);
      response.on('end', () => {
        if (jar) keep(jar, response.headers['set-cookie'] ?? []);
        done({ status: response.statusCode, headers: response.headers, text });
      });
    });
    sent.on('error', failed);
    sent.setTimeout(30_000, () => sent.destroy(new Error(`no answer from ${url}`)));
    sent.end(body);
  });
}

function keep(jar, cookies) {
  for (const cookie of cookies) {
    const [pair, ...attributes] = cookie.split(';');
    const [name, value] = [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1).trim()];
    const ended = value === '' || attributes.some((attribute) => /^\s*(max-age=0|expires=.*1970)/i.test(attribute));
    if (ended) jar.delete(name);
    else jar.set(name, value);
  }
}
