import { randomUUID } from 'node:crypto';
import { claimsOf } from './issuer.mjs';

const CUTS = ['sub', 'client_id'];
const KINDS = ['jti', 'grant_id', 'sid', 'kid', ...CUTS];
const BOUND = 5_000;
/** A heartbeat that comes as late as that is still taken. */
const LATEST = BOUND / 2;
const FLOOD = 300;

/** A rule that refuses a token by one kind. */
export function against(kind, token, issuer) {
  const value = kind === 'kid' ? JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid : claimsOf(token)[kind];
  return CUTS.includes(kind) ? { kind, value, before: issuer.next } : { kind, value };
}

/** A key that is going to be revoked is not the one that the other cases sign with. */
const signer = (kind, revocable) => (kind === 'kid' ? revocable : 'k1');

/** What is in the snapshot before the verifier starts. */
export function prepare(issuer) {
  const revoked = KINDS.map((kind) => [kind, issuer.token({ signer: signer(kind, 'k2') })]);
  revoked.forEach(([kind, token]) => issuer.write(against(kind, token, issuer)));
  return Object.fromEntries(revoked);
}

const start = [
  [
    'not ready while the snapshot answers 503',
    async ({ issuer, expect, until }) => {
      await until('the snapshot is asked for', () => issuer.requests['/revocations/snapshot'] > 0);
      await expect(503, issuer.token());
      issuer.silent = true;
      issuer.snapshotStatus = 200;
    },
  ],
  [
    'not ready before the first heartbeat',
    async ({ issuer, expect, eventually, until }) => {
      await until('the feed is asked for', () => issuer.resumed.length > 0);
      await expect(503, issuer.token());
      issuer.silent = false;
      issuer.heartbeat();
      await eventually(200, issuer.token());
    },
  ],
];

const tokens = [
  ['accepts a good token', ({ issuer, expect }) => expect(200, issuer.token())],
  ['accepts one that is for several audiences', ({ issuer, audience, expect }) => expect(200, issuer.token({ claims: { aud: ['other', audience] } }))],
  ['accepts clocks that are a little apart', ({ issuer, expect }) => expect(200, issuer.token({ claims: { nbf: now() + 2 } }))],
  ['refuses a request without a token', ({ expect }) => expect(401, undefined)],
  ['refuses what is no token', ({ expect }) => expect(401, 'no.token.atall')],
  ['refuses a changed byte', ({ issuer, expect }) => expect(401, changed(issuer.token()))],
  ['refuses a token without a signature', ({ issuer, expect }) => expect(401, `${issuer.token().split('.', 2).join('.')}.`)],
  ['refuses alg none', ({ issuer, expect }) => expect(401, unsigned(issuer.token()))],
  ['refuses another key that says it is this one', ({ issuer, expect }) => expect(401, issuer.token({ signer: 'k4', header: { kid: 'k1' } }))],
  ['refuses another type of token', ({ issuer, expect }) => expect(401, issuer.token({ header: { typ: 'JWT' } }))],
  ['refuses a critical header that it does not know', ({ issuer, expect }) => expect(401, issuer.token({ header: { crit: ['x'], x: 1 } }))],
  ['refuses another issuer', ({ issuer, expect }) => expect(401, issuer.token({ claims: { iss: 'https://evil.example' } }))],
  ['refuses another audience', ({ issuer, expect }) => expect(401, issuer.token({ claims: { aud: 'https://evil.example' } }))],
  ['refuses an expired token', ({ issuer, expect }) => expect(401, issuer.token({ claims: { iat: now() - 600, exp: now() - 301 } }))],
  ['refuses a token from the future', ({ issuer, expect }) => expect(401, issuer.token({ claims: { nbf: now() + 301 } }))],
  ...['exp', 'jti', 'sub', 'client_id'].map((claim) => [
    `refuses a token without ${claim}`,
    ({ issuer, expect }) => expect(401, issuer.token({ claims: { [claim]: undefined } })),
  ]),
];

const rules = [
  ...KINDS.flatMap((kind) => [
    [`${kind}: refused by a rule of the snapshot`, ({ revoked, expect }) => expect(401, revoked[kind])],
    [
      `${kind}: refused by a rule of the feed`,
      async ({ issuer, expect, eventually }) => {
        const token = issuer.token({ signer: signer(kind, 'k3') });
        await expect(200, token);
        issuer.append(against(kind, token, issuer));
        await eventually(401, token);
        await expect(200, issuer.token());
      },
    ],
  ]),
  ...CUTS.map((kind) => [
    `${kind}: what is issued after the cut, in the same second, is accepted`,
    async ({ issuer, expect, eventually }) => {
      const before = issuer.token();
      issuer.append(against(kind, before, issuer));
      await eventually(401, before);
      const value = claimsOf(before)[kind];
      await expect(200, issuer.token({ claims: { [kind]: value } }));
      await expect(401, issuer.token({ claims: { [kind]: value, rev: undefined } }));
      await expect(401, issuer.token({ claims: { [kind]: value, rev: 'soon' } }));
    },
  ]),
  ...['jti', 'client_id', 'kid'].map((kind) => [
    `origin: refused by its ${kind}`,
    async ({ issuer, expect, eventually }) => {
      const source = issuer.token();
      const { jti, client_id } = claimsOf(source);
      const origin = [{ jti: 'another', client_id: 'another', kid: 'another' }, { jti, client_id, kid: `old-${randomUUID()}` }];
      const token = issuer.token({ claims: { origin } });
      await expect(200, token);
      issuer.append(kind === 'kid' ? { kind, value: origin[1].kid } : against(kind, source, issuer));
      await eventually(401, token);
    },
  ]),
];

/** Whatever was sent before has been read when the rule at the end of it is obeyed. */
const keys = [
  [
    'keys: one that the feed has brought is accepted, and nobody asks for the key set',
    async ({ issuer, expect, revoke }) => {
      issuer.publish('fed', 'RS256');
      issuer.sendKeys();
      await revoke();
      const asked = issuer.requests['/oauth2/jwks'];
      await expect(200, issuer.token({ signer: 'fed' }));
      if (issuer.requests['/oauth2/jwks'] !== asked) throw new Error('the key set was asked for');
    },
  ],
  [
    'keys: a set that cannot be read, and an empty one, change nothing',
    async ({ issuer, expect, revoke }) => {
      issuer.send('event: keys\ndata: {"keys":\n\n');
      issuer.event('keys', { keys: [] });
      issuer.event('keys', { keys: [{ kty: 'RSA', kid: 'broken' }, 7] });
      issuer.event('keys', null);
      await revoke();
      await expect(200, issuer.token());
      await expect(200, issuer.token({ signer: 'fed' }));
    },
  ],
  [
    'keys: one that the feed has left out is refused, though the key set may still have it',
    async ({ issuer, expect, revoke }) => {
      issuer.sendKeys('fed');
      await revoke();
      await expect(401, issuer.token({ signer: 'fed' }));
      await expect(200, issuer.token());
    },
  ],
  [
    'keys: it is accepted again when the feed brings it back',
    async ({ issuer, expect, revoke }) => {
      issuer.sendKeys();
      await revoke();
      await expect(200, issuer.token({ signer: 'fed' }));
    },
  ],
];

const feed = [
  [
    'duplicate and old entries are ignored',
    async ({ issuer, revoke, expect, eventually }) => {
      const first = await revoke();
      const seq = Number(issuer.position.split('-')[1]);
      issuer.send(issuer.sent(seq));
      issuer.send(issuer.sent(1));
      await eventually(401, await revoke());
      await expect(401, first);
      await expect(200, issuer.token());
    },
  ],
  [
    'unknown events, unknown members and comments are ignored',
    async ({ issuer, revoke, expect }) => {
      issuer.send(': a comment\n\nretry: 1000\n\n');
      issuer.event('weather', { sun: true });
      issuer.send(`event: weather\nmood: good\ndata: no JSON\n\n`);
      await revoke({ comment: { not: 'known' } });
      await expect(200, issuer.token());
    },
  ],
  [
    'an event may arrive in pieces, with other ends of lines and data over several lines',
    async ({ issuer, expect, eventually }) => {
      const token = issuer.token();
      const id = issuer.write(against('jti', token, issuer));
      const data = JSON.stringify({ ...against('jti', token, issuer), expires: now() + 360 });
      const lines = data.split(',').map((line) => `data: ${line}`);
      await issuer.sendInPieces(`event:rule\r\nid:${id}\r\n${lines.join(',\r\n')}\r\n\r\n`);
      await eventually(401, token);
      await expect(200, issuer.token());
    },
  ],
  [
    'acknowledges what it has applied, if it names itself',
    async ({ issuer, revoke, until }) => {
      await revoke();
      const { position } = issuer;
      const [name] = issuer.names;
      if (issuer.names.size > 1) throw new Error('one instance has several names');
      if (name === undefined) return;
      if (!/^[A-Za-z0-9._:@-]{1,128}$/.test(name)) throw new Error(`no name: ${name}`);
      await until('it is acknowledged', () => issuer.acknowledged.at(-1)?.position === position);
      const { verifier, first, held_ms: held } = issuer.acknowledged.at(-1);
      if (verifier !== name || !/^[0-9]+-[0-9]+$/.test(first) || !/^[0-9]+$/.test(held)) {
        throw new Error(`said verifier=${verifier} first=${first} held_ms=${held}`);
      }
    },
  ],
  [
    'gap: a new snapshot',
    async ({ issuer, expect, eventually, until }) => {
      const [missed, told] = [issuer.token(), issuer.token()];
      const snapshots = issuer.requests['/revocations/snapshot'];
      issuer.write(against('jti', missed, issuer));
      issuer.append(against('jti', told, issuer));
      await until('a snapshot is taken', () => issuer.requests['/revocations/snapshot'] > snapshots);
      await eventually(401, missed);
      await eventually(401, told);
      await eventually(200, issuer.token());
    },
  ],
  [
    'heartbeat ahead: a new snapshot',
    async ({ issuer, eventually, until }) => {
      const missed = issuer.token();
      const snapshots = issuer.requests['/revocations/snapshot'];
      issuer.write(against('jti', missed, issuer));
      issuer.heartbeat();
      await until('a snapshot is taken', () => issuer.requests['/revocations/snapshot'] > snapshots);
      await eventually(401, missed);
      await eventually(200, issuer.token());
    },
  ],
  [
    'epoch change: an entry of the new epoch, and a new snapshot',
    async ({ issuer, eventually, until }) => {
      const token = issuer.token();
      const snapshots = issuer.requests['/revocations/snapshot'];
      issuer.newEpoch();
      issuer.append(against('jti', token, issuer));
      await until('a snapshot is taken', () => issuer.requests['/revocations/snapshot'] > snapshots);
      await eventually(401, token);
      await eventually(200, issuer.token());
    },
  ],
  [
    'epoch change while disconnected: reset, and a new snapshot',
    async ({ issuer, revoke, eventually, until }) => {
      const before = await revoke();
      const token = issuer.token();
      const snapshots = issuer.requests['/revocations/snapshot'];
      issuer.newEpoch();
      issuer.write(against('sid', token, issuer));
      issuer.cut();
      await until('a snapshot is taken', () => issuer.requests['/revocations/snapshot'] > snapshots);
      await eventually(401, token);
      await eventually(401, before);
      await eventually(200, issuer.token());
    },
  ],
  [
    'reset: a new snapshot, and the old rules stay in force until it is there',
    async ({ issuer, revoke, expect, eventually, until }) => {
      const before = await revoke();
      const token = issuer.token();
      const snapshots = issuer.requests['/revocations/snapshot'];
      issuer.snapshotStatus = 503;
      issuer.write(against('sid', token, issuer));
      issuer.event('reset', { position: issuer.position });
      issuer.end();
      await until('a snapshot is asked for', () => issuer.requests['/revocations/snapshot'] > snapshots);
      await expect([401, 503], before);
      issuer.snapshotStatus = 200;
      await eventually(401, token);
      await eventually(200, issuer.token());
    },
  ],
  ...[
    ['reconnect', (issuer) => [issuer.event('reconnect', {}), issuer.end()]],
    ['a connection that is cut', (issuer) => issuer.cut()],
    ['a connection that is closed', (issuer) => issuer.end()],
  ].map(([name, drop]) => [
    `${name}: connects again from the last position`,
    async ({ issuer, eventually, until }) => {
      const [connections, last] = [issuer.resumed.length, issuer.position];
      drop(issuer);
      const token = issuer.token();
      issuer.write(against('grant_id', token, issuer));
      await until('a new connection', () => issuer.resumed.length > connections);
      if (issuer.resumed[connections] !== last) {
        throw new Error(`asked for what follows ${issuer.resumed[connections]} instead of ${last}`);
      }
      await eventually(401, token);
      await eventually(200, issuer.token());
    },
  ]),
];

const staleness = [
  [
    'unknown kind: stale until a snapshot without it',
    async ({ issuer, revoke, expect, eventually }) => {
      const revoked = await revoke();
      issuer.append({ kind: 'device', value: 'd1' });
      await eventually(503, issuer.token());
      await expect([401, 503], revoked);
      issuer.forget('device');
      issuer.event('reset', { position: issuer.position });
      issuer.end();
      await eventually(200, issuer.token());
    },
  ],
  [
    'damaged rule: stale until a snapshot without it',
    async ({ issuer, eventually }) => {
      issuer.append({ kind: 'sub', value: 'whoever', before: 'yesterday' });
      await eventually(503, issuer.token());
      issuer.forget('sub');
      issuer.event('reset', { position: issuer.position });
      issuer.end();
      await eventually(200, issuer.token());
    },
  ],
  [
    "the issuer's own age counts",
    async ({ issuer, eventually }) => {
      const old = setInterval(() => issuer.heartbeat({ age: BOUND * 2 }), 20);
      try {
        await eventually(503, issuer.token());
      } finally {
        clearInterval(old);
      }
      await eventually(200, issuer.token());
    },
  ],
  [
    'a heartbeat that was held back: its lateness counts, and more of it than half the bound ends the connection',
    async ({ issuer, eventually, until }) => {
      await until('the feed has been open for 4 s', () => issuer.feedAge > 4_000);
      const old = setInterval(() => issuer.heartbeat({ late: LATEST - 500, age: BOUND - 1_900 }), 20);
      try {
        await eventually(503, issuer.token());
      } finally {
        clearInterval(old);
      }
      const connections = issuer.resumed.length;
      issuer.heartbeat({ late: LATEST + 500 });
      await until('a new connection', () => issuer.resumed.length > connections);
      await eventually(200, issuer.token());
    },
  ],
  [
    'silence: the connection is given up, and past the bound nothing is accepted',
    async ({ issuer, eventually, until }) => {
      const connections = issuer.resumed.length;
      const token = issuer.token();
      issuer.heartbeat();
      issuer.silent = true;
      const since = performance.now();
      await eventually(503, token);
      const after = Math.round(performance.now() - since);
      if (after < LATEST) throw new Error(`stale already ${after} ms after the last heartbeat`);
      await until('a new connection', () => issuer.resumed.length > connections);
    },
  ],
  [
    'recovers, with what was written in the meantime',
    async ({ issuer, expect, eventually }) => {
      const token = issuer.token();
      issuer.write(against('sid', token, issuer));
      await expect(503, token);
      issuer.silent = false;
      issuer.cut();
      await eventually(401, token);
      await eventually(200, issuer.token());
    },
  ],
  [
    'forged key ids: at most two requests for the keys',
    async ({ issuer, expect }) => {
      const before = issuer.requests['/oauth2/jwks'];
      for (let i = 0; i < FLOOD; i += 20) {
        await Promise.all(
          Array.from({ length: 20 }, () => expect(401, issuer.token({ header: { kid: `forged-${randomUUID()}` } }))),
        );
      }
      const asked = issuer.requests['/oauth2/jwks'] - before;
      if (asked > 2) throw new Error(`${asked} requests for ${FLOOD} forged tokens`);
      await expect(200, issuer.token());
    },
  ],
];

export const cases = [...start, ...tokens, ...rules, ...keys, ...feed, ...staleness];

const now = () => Math.floor(Date.now() / 1000);

function changed(token) {
  const at = token.indexOf('.') + 20;
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}

function unsigned(token) {
  const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
  return `${header}.${token.split('.')[1]}.`;
}
