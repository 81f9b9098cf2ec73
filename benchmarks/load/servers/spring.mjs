/** Spring's own authorization server as a Java team would set it up, with client secrets compared plainly and Amazon's cryptography. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { machineTokens } from '../flows.mjs';
import { firstToken, launch } from '../launch.mjs';
import { JAVA, PROJECT, RIVALS, work } from '../places.mjs';
import { MACHINE, PERSON, WEB } from './names.mjs';

const PORT = 9440;

const jar = () => join(work('rivals', 'spring'), 'target', 'spring.jar');

function prepare() {
  if (existsSync(jar())) return;
  cpSync(join(RIVALS, 'spring'), work('rivals', 'spring'), { recursive: true });
  execFileSync(join(PROJECT, 'mvnw'), ['-q', '-B', '-f', join(work('rivals', 'spring'), 'pom.xml'), 'package'], { cwd: PROJECT, stdio: 'ignore' });
}

export function spring() {
  const address = `http://127.0.0.1:${PORT}`;
  // Its store in memory grows with every token.
  const parameters = ['-Xmx4g', '--enable-native-access=ALL-UNNAMED', '-jar', jar(), `--server.port=${PORT}`, '--server.address=127.0.0.1'];
  const server = {
    name: 'Spring Authorization Server 7.1.2',
    token: `${address}/oauth2/token`,
    keySet: `${address}/oauth2/jwks`,
    metadata: `${address}/.well-known/openid-configuration`,
    introspection: `${address}/oauth2/introspect`,
    authorize: `${address}/oauth2/authorize`,
    machine: { ...MACHINE, form: { scope: 'bench' } },
    web: { ...WEB, scope: 'openid bench', scopeWithoutIdToken: 'bench' },
    person: PERSON,
    prepare,
    start: () => firstToken(() => launch('spring', JAVA, parameters), () => machineTokens(server)),
  };
  return server;
}
