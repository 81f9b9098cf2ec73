/** What a client does with a server: tokens for itself, and a person's tokens by a login in a browser without a browser. */
import { createHash, randomBytes } from 'node:crypto';
import { basic, call } from './http.mjs';

const MOST_STEPS = 16;

async function tokens(server, client, form) {
  const answer = await call(server.token, { headers: { authorization: basic(client), accept: 'application/json' }, form });
  if (answer.status !== 200) throw new Error(`${form.grant_type}: ${answer.status} ${answer.text.slice(0, 300)}`);
  return JSON.parse(answer.text);
}

/** Tokens by client_credentials. */
export const machineTokens = (server, form = server.machine.form) =>
  tokens(server, server.machine, { grant_type: 'client_credentials', ...form });

/** Tokens by authorization code and PKCE: every page with a form is filled in and sent, every redirect followed. */
export async function login(server, scope = server.web.scope) {
  const verifier = randomBytes(32).toString('base64url');
  const code = await authorizationCode(server, scope, createHash('sha256').update(verifier).digest('base64url'));
  return tokens(server, server.web, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: server.web.redirect,
    code_verifier: verifier,
  });
}

async function authorizationCode(server, scope, challenge) {
  const jar = new Map();
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: server.web.id,
    redirect_uri: server.web.redirect,
    scope,
    state: 's',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...server.web.authorize,
  });
  let [url, form] = [`${server.authorize}?${query}`, undefined];
  for (let step = 0; step < MOST_STEPS; step++) {
    const answer = await call(url, { form, jar, headers: { accept: 'text/html' } });
    if (answer.status >= 300 && answer.status < 400) {
      [url, form] = [new URL(answer.headers.location, url).href, undefined];
      if (url.startsWith(server.web.redirect)) {
        const code = new URL(url).searchParams.get('code');
        if (code) return code;
        throw new Error(`no code: ${url}`);
      }
    } else if (answer.status === 200) {
      ({ url, form } = filledIn(answer.text, url, server.person));
    } else {
      throw new Error(`${answer.status} at ${url}: ${answer.text.slice(0, 300)}`);
    }
  }
  throw new Error('the login does not end');
}

const NAMES = /^(username|login|email)$/i;
const PASSWORDS = /^(password|current-password)$/i;
const ENTITIES = { '&amp;': '&', '&quot;': '"', '&#x2F;': '/', '&#x3D;': '=', '&lt;': '<', '&gt;': '>' };

function attribute(tag, name) {
  const found = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  return found && (found[1] ?? found[2] ?? found[3]).replace(/&[#\w]+;/g, (entity) => ENTITIES[entity] ?? entity);
}

/** The page's first form with its own values, and with the person's name and password. */
function filledIn(html, base, person) {
  const [inner, opening] = /(<form\b[^>]*>).*?(?:<\/form>|$)/is.exec(html) ?? [];
  if (!opening) throw new Error(`no form at ${base}`);
  const form = {};
  for (const [tag] of inner.matchAll(/<(?:input|button)\b[^>]*>/gi)) {
    const name = attribute(tag, 'name');
    if (!name || /checkbox|radio/i.test(attribute(tag, 'type') ?? '')) continue;
    form[name] = NAMES.test(name) ? person.name : PASSWORDS.test(name) ? person.password : attribute(tag, 'value') ?? '';
  }
  return { url: new URL(attribute(opening, 'action') || base, base).href, form };
}

/** Does it again and again, so many at once, for so long or so often. */
export async function repeat(action, { count = Infinity, seconds = Infinity, atOnce = 4 }) {
  const until = performance.now() + seconds * 1000;
  const [results, took, failures] = [[], [], []];
  let begun = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (begun < count && performance.now() < until && failures.length < 20) {
        begun++;
        const start = performance.now();
        try {
          results.push(await action());
          took.push(performance.now() - start);
        } catch (failure) {
          failures.push(failure.message);
        }
      }
    }),
  );
  return { results, took: took.sort((a, b) => a - b), failures };
}
