/** oidc-provider from npm on Redis, by the adapter of its documentation. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { machineTokens } from '../flows.mjs';
import { firstToken, launch } from '../launch.mjs';
import { RIVALS, work } from '../places.mjs';
import { MACHINE, PERSON, WEB } from './names.mjs';

const PORT = 9450;

const home = () => work('rivals', 'oidc-provider');

function prepare() {
  for (const file of ['package.json', 'server.mjs']) copyFileSync(join(RIVALS, 'oidc-provider', file), join(home(), file));
  if (existsSync(join(home(), 'node_modules', 'oidc-provider'))) return;
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: home(), stdio: 'ignore' });
}

export function oidcProvider(stores) {
  const address = `http://127.0.0.1:${PORT}`;
  const told = JSON.stringify({ address, redis: stores.redis.url, machine: MACHINE, web: WEB });
  const server = {
    name: 'oidc-provider 9.13.3',
    token: `${address}/token`,
    keySet: `${address}/jwks`,
    metadata: `${address}/.well-known/openid-configuration`,
    introspection: `${address}/token/introspection`,
    authorize: `${address}/auth`,
    // Without a scope it gives an opaque token; a JWT it does not introspect.
    machine: { ...MACHINE, form: { scope: 'bench' }, introspected: {} },
    web: { ...WEB, scope: 'openid offline_access bench', authorize: { prompt: 'consent' } },
    person: PERSON,
    beside: { Redis: stores.redis.pid },
    prepare,
    start: () =>
      firstToken(
        () => launch('oidc-provider', process.execPath, [join(home(), 'server.mjs'), told], { NODE_ENV: 'production' }),
        () => machineTokens(server),
      ),
  };
  return server;
}
