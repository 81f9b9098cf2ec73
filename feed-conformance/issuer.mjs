import { constants, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

const HEARTBEAT = 1_000;
const LIFETIME = 300;
const KEY_TYPES = {
  RS256: ['rsa', { modulusLength: 2048 }],
  PS256: ['rsa', { modulusLength: 2048 }],
  ES256: ['ec', { namedCurve: 'P-256' }],
  EdDSA: ['ed25519', {}],
};
const SIGNING = {
  PS256: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
  ES256: { dsaEncoding: 'ieee-p1363' },
};

export const AUDIENCE = 'https://conformance.example';
export const CLIENT_ID = 'verifier under test';
export const CLIENT_SECRET = 'a secret: with %, + and ü';

/** An issuer on this machine that speaks docs/revocation-feed.md and misbehaves when a case says so. */
export class ScriptedIssuer {
  /** How often each path was asked for. */
  requests = {};
  /** Each `Last-Event-ID` that a feed was asked for with, in order. */
  resumed = [];
  /** The names under which feeds were asked for. */
  names = new Set();
  /** What verifiers have said that they have applied. */
  acknowledged = [];
  acknowledgementStatus = 204;
  snapshotStatus = 200;
  /** While set, feeds stay open and say nothing. */
  silent = false;
  /** What introspection answers. */
  active = true;
  whenIntrospected = async () => {};
  #keys = {};
  #epoch = 1763900000000n;
  #entries = [];
  #feeds = new Set();
  #server = createServer((request, response) => this.#handle(request, response));
  #timer;

  constructor() {
    ['k1', 'k2', 'k3', 'k4'].forEach((kid) => this.publish(kid, 'RS256'));
  }

  async start() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.address = `http://127.0.0.1:${this.#server.address().port}`;
    this.#beat();
    return this;
  }

  #beat() {
    this.#timer = setInterval(() => this.heartbeat(), HEARTBEAT);
  }

  stop() {
    clearInterval(this.#timer);
    this.#server.close();
    this.#server.closeAllConnections();
  }

  get position() {
    return this.at(this.#entries.length);
  }

  at(seq) {
    return `${this.#epoch}-${seq}`;
  }

  /** What a cut that is made now says in `before`: tokens carry the position of their issue, which is less. */
  get next() {
    return this.at(this.#entries.length + 1);
  }

  /** Writes a rule into the log, and tells nobody. */
  write(rule) {
    this.#entries.push({ expires: seconds() + LIFETIME + 60, ...rule });
    return this.position;
  }

  /** Writes a rule into the log and sends it. */
  append(rule) {
    const id = this.write(rule);
    this.send(entry(id, this.#entries.at(-1)));
    return id;
  }

  /** The text of an entry as it was sent. */
  sent(seq) {
    return entry(this.at(seq), this.#entries[seq - 1]);
  }

  /** Sends text to every open feed. */
  send(text) {
    if (!this.silent) this.#feeds.forEach((feed) => feed.write(text));
  }

  /** Sends text byte by byte, and no heartbeat in between. */
  async sendInPieces(text) {
    clearInterval(this.#timer);
    for (const byte of Buffer.from(text)) {
      this.send(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    this.#beat();
  }

  event(event, data) {
    this.send(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** A heartbeat on every feed, which was sent so many milliseconds ago and then held back. */
  heartbeat({ age = 1, late = 0 } = {}) {
    if (!this.silent) this.#feeds.forEach((feed) => feed.write(this.#heartbeat(feed, age, late)));
  }

  #heartbeat(feed, age, late) {
    const elapsed = Math.max(0, Math.floor(performance.now() - feed.requested) - late);
    return `event: heartbeat\ndata: ${JSON.stringify({ position: this.position, age_ms: age, elapsed_ms: elapsed })}\n\n`;
  }

  /** For how long the feed that was opened last has been open, in milliseconds. */
  get feedAge() {
    return performance.now() - [...this.#feeds].at(-1)?.requested;
  }

  /** Ends the feeds as a server that stops does. */
  end() {
    this.#feeds.forEach((feed) => feed.end());
  }

  /** Cuts the feeds' connections off. */
  cut() {
    this.#feeds.forEach((feed) => feed.destroy());
  }

  /** Begins the log anew with the rules that are in force. */
  newEpoch() {
    this.#epoch += 1_000_000n;
  }

  /** Forgets the rules of a kind, as if they had expired. */
  forget(kind) {
    this.#entries = this.#entries.map((rule) => (rule.kind === kind ? { ...rule, kind: 'jti', value: 'forgotten' } : rule));
  }

  /** Makes a key and publishes it. */
  publish(kid, alg) {
    const [type, options] = KEY_TYPES[alg];
    this.#keys[kid] = { alg, ...generateKeyPairSync(type, options) };
  }

  /** Sends the key set, without these keys. */
  sendKeys(...leftOut) {
    this.event('keys', { keys: Object.entries(this.#keys).filter(([kid]) => !leftOut.includes(kid)).flatMap(published) });
  }

  /** Publishes no key any more. */
  unpublish() {
    Object.values(this.#keys).forEach((key) => (key.hidden = true));
  }

  /** A good access token, but for what the case changes; a claim that is undefined is left out. */
  token({ claims = {}, header = {}, signer = 'k1' } = {}) {
    const iat = seconds();
    const { alg, privateKey } = this.#keys[signer];
    const signed = [
      { alg, typ: 'at+jwt', kid: signer, ...header },
      {
        iss: this.address,
        aud: AUDIENCE,
        sub: randomUUID(),
        client_id: `client-${randomUUID()}`,
        jti: randomUUID(),
        grant_id: randomUUID(),
        sid: randomUUID(),
        scope: 'read',
        rev: this.position,
        iat,
        exp: iat + LIFETIME,
        ...claims,
      },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const key = { key: privateKey, ...SIGNING[alg] };
    return `${signed}.${sign(alg === 'EdDSA' ? null : 'sha256', Buffer.from(signed), key).toString('base64url')}`;
  }

  #handle(request, response) {
    const url = new URL(request.url, this.address);
    this.requests[url.pathname] = (this.requests[url.pathname] ?? 0) + 1;
    switch (url.pathname) {
      case '/.well-known/oauth-authorization-server':
      case '/.well-known/openid-configuration':
        return json(response, {
          issuer: this.address,
          jwks_uri: `${this.address}/oauth2/jwks`,
          introspection_endpoint: `${this.address}/oauth2/introspect`,
        });
      case '/oauth2/introspect':
        return authorized(request, response) && this.whenIntrospected().then(() => json(response, { active: this.active }));
      case '/oauth2/jwks':
        response.setHeader('Cache-Control', 'max-age=300');
        return json(response, { keys: Object.entries(this.#keys).flatMap(published) });
      case '/revocations/snapshot':
        return authorized(request, response) && this.#snapshot(response);
      case '/revocations/feed':
        return authorized(request, response) && this.#feed(request, url, response);
      case '/revocations/applied':
        return authorized(request, response) && this.#applied(request, response);
      default:
        return response.writeHead(404).end();
    }
  }

  #snapshot(response) {
    response.setHeader('Cache-Control', 'no-store');
    if (this.snapshotStatus !== 200) return response.writeHead(this.snapshotStatus, { 'Retry-After': '1' }).end();
    return json(response, { issuer: this.address, position: this.position, rules: this.#entries });
  }

  async #applied(request, response) {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    this.acknowledged.push(Object.fromEntries(new URLSearchParams(Buffer.concat(pieces).toString())));
    response.writeHead(this.acknowledgementStatus).end();
  }

  #feed(request, url, response) {
    const asked = request.headers['last-event-id'] ?? url.searchParams.get('after') ?? this.position;
    if (!/^[0-9]+-[0-9]+$/.test(asked)) return response.writeHead(400).end();
    this.resumed.push(asked);
    this.names.add(request.headers['gatehouse-verifier']);
    response.requested = performance.now();
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.flushHeaders();
    const [epoch, seq] = asked.split('-').map(BigInt);
    if (epoch !== this.#epoch || seq > this.#entries.length) {
      return response.end(`event: reset\ndata: {"position":"${this.position}"}\n\n`);
    }
    this.#feeds.add(response);
    response.on('close', () => this.#feeds.delete(response));
    if (this.silent) return undefined;
    for (let i = Number(seq) + 1; i <= this.#entries.length; i++) response.write(this.sent(i));
    return response.write(this.#heartbeat(response, 1, 0));
  }
}

export const entry = (id, rule) => `id: ${id}\nevent: rule\ndata: ${JSON.stringify(rule)}\n\n`;

export const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());

const seconds = () => Math.floor(Date.now() / 1000);

const published = ([kid, { alg, publicKey, hidden }]) =>
  hidden ? [] : [{ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg }];

function json(response, body) {
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));
}

/** HTTP Basic with both parts form-encoded first, RFC 6749 section 2.3.1. */
function authorized(request, response) {
  const [scheme, credentials = ''] = (request.headers.authorization ?? '').split(' ');
  const parts = Buffer.from(credentials, 'base64').toString().split(':').map(formDecoded);
  if (scheme === 'Basic' && parts.length === 2 && parts[0] === CLIENT_ID && parts[1] === CLIENT_SECRET) return true;
  response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="conformance"' }).end();
  return false;
}

function formDecoded(text) {
  return new URLSearchParams(`x=${text}`).get('x');
}
