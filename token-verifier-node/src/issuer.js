import http from 'node:http';
import https from 'node:https';
import { isObject } from './rules.js';

const DEADLINE = 5_000;
const LIMIT = 512 * 1024;
const SNAPSHOT_DEADLINE = 20_000;
const ACKNOWLEDGEMENT_DEADLINE = 3_000;
const SNAPSHOT_LIMIT = 128 * 1024 * 1024;

/** The issuer does not know this service, or not any more. */
export class CredentialsRefused extends Error {}

/**
 * The issuer over HTTP: no redirects, and a deadline and a bound on the size for every answer. Not by `fetch`: its signal
 * loses hold of a body once the request has been garbage-collected, and a silent connection would stay.
 */
export class Issuer {
  #issuer;
  #location;
  #plainHttpAllowed;
  #authorization;
  #instance;
  #metadata;

  constructor({ issuer, issuerLocation = issuer, allowPlainHttp = false, clientId, clientSecret, instance }) {
    this.#issuer = issuer;
    this.#location = issuerLocation.replace(/\/$/, '');
    this.#plainHttpAllowed = allowPlainHttp;
    this.#authorization = `Basic ${Buffer.from(`${encoded(clientId)}:${encoded(clientSecret)}`).toString('base64')}`;
    this.#instance = instance;
    this.#safe(this.#location);
  }

  async jwks() {
    const { json, headers } = await this.#json(await this.#named('jwks_uri'));
    return { jwks: json, cacheControl: headers['cache-control'] ?? '' };
  }

  async snapshot() {
    const answer = await this.#json(`${this.#location}/revocations/snapshot`, {
      headers: { authorization: this.#authorization },
      deadline: SNAPSHOT_DEADLINE,
      limit: SNAPSHOT_LIMIT,
    });
    return answer.json;
  }

  /** The feed's bytes, from after a position: a response to be destroyed by the caller. */
  async feed(position, deadline) {
    const headers = {
      accept: 'text/event-stream',
      'last-event-id': position,
      'gatehouse-verifier': this.#instance,
      authorization: this.#authorization,
    };
    const { response, inTime } = await exchange(`${this.#location}/revocations/feed`, { headers, deadline });
    inTime();
    if (!response.headers['content-type']?.startsWith('text/event-stream')) {
      response.destroy();
      throw new Error('the feed is no event stream');
    }
    return response;
  }

  async acknowledge(applied) {
    const { response } = await exchange(`${this.#location}/revocations/applied`, {
      ...this.#form({ verifier: this.#instance, ...applied }),
      deadline: ACKNOWLEDGEMENT_DEADLINE,
    });
    response.resume();
  }

  /** The issuer's own word on one token, RFC 7662. */
  async isActive(token, deadline) {
    const { json } = await this.#json(await this.#named('introspection_endpoint'), {
      ...this.#form({ token, token_type_hint: 'access_token' }),
      deadline,
    });
    return json.active === true;
  }

  #form(members) {
    return {
      method: 'POST',
      headers: { authorization: this.#authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(members).toString(),
    };
  }

  /** Asks for the metadata anew next time. */
  forget() {
    this.#metadata = undefined;
  }

  async #named(member) {
    this.#metadata ??= await this.#discover();
    const url = this.#metadata[member];
    if (typeof url !== 'string') throw new Error(`the issuer's metadata has no ${member}`);
    const published = this.#issuer.replace(/\/$/, '');
    return this.#safe(url.startsWith(`${published}/`) ? this.#location + url.slice(published.length) : url);
  }

  async #discover() {
    const { origin, pathname } = new URL(this.#location);
    const path = pathname.replace(/\/$/, '');
    const { json } = await this.#json(`${origin}/.well-known/oauth-authorization-server${path}`);
    if (json.issuer !== this.#issuer) throw new Error('the metadata is that of another issuer');
    return json;
  }

  async #json(url, { headers, limit = LIMIT, ...request } = {}) {
    const { response, inTime } = await exchange(url, { ...request, headers: { accept: 'application/json', ...headers } });
    try {
      const json = JSON.parse(await text(response, limit));
      if (!isObject(json)) throw new Error(`${url} did not answer with a JSON object`);
      return { json, headers: response.headers };
    } finally {
      inTime();
    }
  }

  /** Keys and secrets travel encrypted, or stay on this machine. */
  #safe(url) {
    const { protocol, hostname } = new URL(url);
    const loopback = /^(localhost|.+\.localhost|127(\.[0-9]{1,3}){3}|\[::1\])$/.test(hostname);
    if (protocol === 'https:' || (protocol === 'http:' && (loopback || this.#plainHttpAllowed))) return url;
    throw new TypeError(`must be an https URL, or http on this machine: ${url}`);
  }
}

/** A response of status 200 or 204; the deadline holds until its caller says that all is read that had to be in time. */
function exchange(url, { body, deadline = DEADLINE, ...request }) {
  return new Promise((resolve, reject) => {
    const sent = (url.startsWith('https:') ? https : http).request(url, request);
    const late = setTimeout(() => sent.destroy(new Error(`${url} did not answer within ${deadline} ms`)), deadline);
    const inTime = () => clearTimeout(late);
    sent.on('error', reject);
    sent.on('close', inTime);
    sent.on('response', (response) => {
      const { statusCode } = response;
      if ([200, 204].includes(statusCode)) return resolve({ response, inTime });
      response.destroy();
      const message = `${url} answered ${statusCode}`;
      return reject([401, 403].includes(statusCode) ? new CredentialsRefused(message) : new Error(message));
    });
    sent.end(body);
  });
}

async function text(response, limit) {
  const pieces = [];
  let size = 0;
  for await (const piece of response) {
    size += piece.length;
    if (size > limit) throw new Error(`an answer of more than ${limit} bytes`);
    pieces.push(piece);
  }
  if (!response.complete) throw new Error('an answer that was cut off');
  return Buffer.concat(pieces).toString('utf8');
}

/** RFC 6749 section 2.3.1. */
function encoded(text) {
  return new URLSearchParams({ '': text }).toString().slice(1);
}
