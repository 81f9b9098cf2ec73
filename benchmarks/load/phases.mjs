/** The kinds of work that are measured: which servers can do it, and what puts it on one of them for so many seconds. */
import { login, machineTokens, repeat } from './flows.mjs';
import { TOKENS_FOR_REFRESH, formRequest, getRequest, refreshed, repeated } from './wrk.mjs';

/** As many as one person's address may have under way with Gatehouse's limits. */
const BROWSERS = 8;

const INTROSPECTED = 64;

const file = (server, phase) => `${phase}-${new URL(server.token).port}`;

const get = (address) => async (server) => repeated(file(server, address), server[address], [getRequest(server[address])]);

async function introspect(server) {
  const { results, failures } = await repeat(() => machineTokens(server, server.machine.introspected), { count: INTROSPECTED });
  if (failures.length) throw new Error(failures[0]);
  const requests = results.map(({ access_token: token }) => formRequest(server.introspection, server.machine, { token }));
  return repeated(file(server, 'introspect'), server.introspection, requests);
}

const refresh = (scope) => async (server) => {
  const { results, failures } = await repeat(() => login(server, server.web[scope]), { count: TOKENS_FOR_REFRESH, atOnce: BROWSERS });
  if (failures.length) throw new Error(failures[0]);
  if (!results[0].refresh_token) throw new Error('no refresh token');
  return refreshed(file(server, 'refresh'), server.token, server.web, results.map((tokens) => tokens.refresh_token));
};

async function logins(server) {
  return async (seconds) => {
    const [hashed, begun] = [server.hashing?.(), performance.now()];
    const { took, failures } = await repeat(() => login(server), { seconds, atOnce: BROWSERS });
    if (!took.length) throw new Error(failures[0]);
    return {
      answered: took.length,
      failed: failures.length,
      failure: failures[0],
      seconds: (performance.now() - begun) / 1000,
      p50: took[Math.floor(took.length * 0.5)],
      p99: took[Math.floor(took.length * 0.99)],
      hashing: hashed === undefined ? 0 : server.hashing() - hashed,
    };
  };
}

/** In the order in which they are run: what fills the stores comes late, since Spring's is searched from one end to the other. */
export const ORDER = ['introspect', 'refresh', 'refresh-id', 'jwks', 'metadata', 'login', 'cc'];

/** In the order of the table. What `prepare` gives puts the work on the server. */
export const PHASES = [
  {
    id: 'cc',
    title: 'client_credentials, RS256',
    goal: 0.32,
    can: (server) => server.machine,
    prepare: async (server) =>
      repeated(file(server, 'cc'), server.token, [
        formRequest(server.token, server.machine, { grant_type: 'client_credentials', ...server.machine.form }),
      ]),
  },
  { id: 'refresh', title: 'refresh, no ID token', goal: 0.45, can: (server) => server.web?.scopeWithoutIdToken, prepare: refresh('scopeWithoutIdToken') },
  { id: 'refresh-id', title: 'refresh with ID token', goal: 0.7, can: (server) => server.web, prepare: refresh('scope') },
  { id: 'introspect', title: 'introspection', goal: 0.08, can: (server) => server.introspection, prepare: introspect },
  { id: 'jwks', title: 'JWKS', goal: 0.03, can: (server) => server.keySet, prepare: get('keySet') },
  { id: 'metadata', title: 'metadata', goal: 0.03, can: (server) => server.metadata, prepare: get('metadata') },
  // Hashes let few logins through, and code is warm after many.
  { id: 'login', title: 'login: code + PKCE, password hash and all', can: (server) => server.authorize, prepare: logins, warmUpTimes: 4 },
];
