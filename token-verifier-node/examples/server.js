/** A service without a framework whose every request needs a token; the conformance runner starts it. */
import { createServer } from 'node:http';
import { createVerifier, express } from '../src/index.js';

const { ISSUER, AUDIENCE, CLIENT_ID, CLIENT_SECRET, PORT } = process.env;

const verifier = createVerifier({
  issuer: ISSUER,
  audience: AUDIENCE,
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
});
const protect = express(verifier);

createServer((request, response) => {
  protect(request, response, (failure) => {
    response.statusCode = failure ? 500 : 200;
    response.end(failure ? '' : `${request.token.claims.sub}\n`);
  });
}).listen(PORT, '127.0.0.1');
