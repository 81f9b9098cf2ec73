/** The floor: a web server that signs once for a request and does nothing else. */
import { join } from 'node:path';
import { machineTokens } from '../flows.mjs';
import { firstToken, launch } from '../launch.mjs';
import { BENCHMARKS, JAVA } from '../places.mjs';
import { MACHINE } from './names.mjs';

function floor(name, cryptography, port) {
  const address = `http://127.0.0.1:${port}`;
  const parameters = ['-Xmx512m', '--enable-native-access=ALL-UNNAMED', '-cp', join(BENCHMARKS, 'target', 'benchmarks.jar')];
  const program = ['dev.gatehouse.benchmarks.SigningFloor', port, `${MACHINE.id}:${MACHINE.secret}`, cryptography];
  const server = {
    name,
    token: `${address}/token`,
    keySet: `${address}/jwks`,
    machine: { ...MACHINE, form: {} },
    start: () => firstToken(() => launch(`floor-${cryptography}`, JAVA, [...parameters, ...program], {}), () => machineTokens(server)),
  };
  return server;
}

export const floorByJdk = () => floor('signing floor, JDK', 'jdk', 9420);
export const floorByAmazon = () => floor('signing floor, Amazon’s cryptography', 'amazon', 9421);
