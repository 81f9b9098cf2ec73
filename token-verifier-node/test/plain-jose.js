// A service that verifies with nothing but `jose`, as anybody would write it: what a rotation must not disturb. It counts its own
// requests for the keys, and says how many at /requests.
import { createServer } from 'node:http';
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';

const { ISSUER, AUDIENCE, PORT, COOLDOWN_MS } = process.env;

let requests = 0;
const keys = createRemoteJWKSet(new URL(`${ISSUER}/oauth2/jwks`), {
  cooldownDuration: Number(COOLDOWN_MS),
  [customFetch]: (...request) => {
    requests++;
    return fetch(...request);
  },
});

createServer(async (request, response) => {
  if (request.url === '/requests') {
    response.end(String(requests));
    return;
  }
  try {
    const token = (request.headers.authorization ?? '').replace(/^Bearer /i, '');
    await jwtVerify(token, keys, { issuer: ISSUER, audience: AUDIENCE, typ: 'at+jwt', algorithms: ['RS256'] });
    response.writeHead(200).end();
  } catch (error) {
    response.writeHead(401).end(error.code);
  }
}).listen(Number(PORT), '127.0.0.1');
