/** Keycloak from Maven Central, built for production and started without a cluster, on its own file database. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { machineTokens } from '../flows.mjs';
import { firstToken, launch } from '../launch.mjs';
import { PROJECT, RIVALS, work } from '../places.mjs';
import { MACHINE, PERSON, WEB } from './names.mjs';

const VERSION = '26.7.3';
const PORT = 9430;
const REALM = `http://127.0.0.1:${PORT}/realms/bench`;

const home = () => join(work('rivals'), `keycloak-${VERSION}`);
const script = () => join(home(), 'bin', 'kc.sh');

function prepare() {
  if (existsSync(script())) return;
  const artifact = `org.keycloak:keycloak-quarkus-dist:${VERSION}:zip`;
  execFileSync(join(PROJECT, 'mvnw'), ['-q', '-B', '-N', 'dependency:unpack', `-Dartifact=${artifact}`, `-DoutputDirectory=${work('rivals')}`], {
    cwd: PROJECT,
    stdio: 'ignore',
  });
  mkdirSync(join(home(), 'data', 'import'), { recursive: true });
  copyFileSync(join(RIVALS, 'keycloak', 'bench-realm.json'), join(home(), 'data', 'import', 'bench-realm.json'));
  execFileSync('sh', [script(), 'build', '--db=dev-file', '--health-enabled=false', '--metrics-enabled=false'], { stdio: 'ignore' });
}

const parameters = ['start', '--optimized', '--cache=local', '--http-enabled=true', '--hostname-strict=false', '--http-host=127.0.0.1',
  `--http-port=${PORT}`, `--http-management-port=${PORT + 1}`, '--import-realm'];

export function keycloak() {
  const server = {
    name: `Keycloak ${VERSION}`,
    token: `${REALM}/protocol/openid-connect/token`,
    keySet: `${REALM}/protocol/openid-connect/certs`,
    metadata: `${REALM}/.well-known/openid-configuration`,
    introspection: `${REALM}/protocol/openid-connect/token/introspect`,
    authorize: `${REALM}/protocol/openid-connect/auth`,
    machine: { ...MACHINE, form: {} },
    web: { ...WEB, scope: 'openid' },
    person: PERSON,
    prepare,
    start: () => firstToken(() => launch('keycloak', 'sh', [script(), ...parameters]), () => machineTokens(server)),
  };
  return server;
}
