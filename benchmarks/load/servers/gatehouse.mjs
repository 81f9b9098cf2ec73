/** Gatehouse from its packaged jar, as its image starts it: audit lines, metrics and limits as they are by default. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machineTokens } from '../flows.mjs';
import { firstToken, launch } from '../launch.mjs';
import { JAVA, LOAD, work } from '../places.mjs';
import { threadSeconds } from '../processes.mjs';
import { MACHINE, PERSON, WEB } from './names.mjs';

const PORT = 9410;

const PROGRAM = ['@jvm.options', '-XX:AOTCache=auth-server.aot', '-Xlog:aot=off', '-jar', 'auth-server.jar'];

/** A fresh one, in a file. */
export function masterKey() {
  const file = join(work('run'), 'master.key');
  writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600 });
  return file;
}

/** @param options port, and settings beside the ordinary ones; several issuers of one name share keys and stores */
export function gatehouse(stores, { port = PORT, issuer = `http://127.0.0.1:${port}`, key = masterKey(), settings = {} } = {}) {
  const address = `http://127.0.0.1:${port}`;
  const environment = {
    SERVER_PORT: port,
    MANAGEMENT_SERVER_PORT: port + 1,
    GATEHOUSE_ISSUER: issuer,
    GATEHOUSE_KEYS_MASTERKEYFILE: key,
    GATEHOUSE_DEMO_ENABLED: true,
    GATEHOUSE_DEMO_DECLARE: join(LOAD, 'servers', 'gatehouse.yaml'),
    SPRING_DATASOURCE_URL: stores.postgres.url,
    SPRING_DATA_REDIS_URL: stores.redis.url,
    ...settings,
  };
  const server = {
    name: 'Gatehouse',
    key,
    token: `${address}/oauth2/token`,
    keySet: `${address}/oauth2/jwks`,
    metadata: `${address}/.well-known/openid-configuration`,
    introspection: `${address}/oauth2/introspect`,
    revocation: `${address}/oauth2/revoke`,
    authorize: `${address}/oauth2/authorize`,
    machine: { ...MACHINE, form: {} },
    web: { ...WEB, scope: 'openid offline_access bench', scopeWithoutIdToken: 'offline_access bench' },
    person: PERSON,
    beside: { Redis: stores.redis.pid, PostgreSQL: stores.postgres.pid },
    start: () =>
      firstToken(
        () => launch(`gatehouse-${port}`, JAVA, PROGRAM, environment, work('app')),
        () => machineTokens(server),
      ),
    /** Seconds of processor time that password hashes have taken: they run on threads of this name and on no others. */
    hashing: () => threadSeconds(server.child.pid, 'password-check'),
  };
  return server;
}
