import { ScriptedIssuer, AUDIENCE, CLIENT_ID, CLIENT_SECRET } from '../../feed-conformance/issuer.mjs';
import { createVerifier } from '../src/index.js';

/** An issuer, and a verifier that is ready to decide about its tokens; both end with the test. */
export async function service(t, options = {}, prepare = () => {}) {
  const issuer = await new ScriptedIssuer().start();
  t.after(() => issuer.stop());
  prepare(issuer);
  const verifier = createVerifier({ ...credentials(issuer), ...options });
  t.after(() => verifier.close());
  if (!(await verifier.ready())) throw new Error('the verifier did not become ready');
  return { issuer, verifier };
}

export const credentials = (issuer) => ({
  issuer: issuer.address,
  audience: AUDIENCE,
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  log: () => {},
});

/** Clocks that a test can move on together. */
export function movableClock() {
  let by = 0;
  return {
    wall: () => Date.now() + by,
    steady: () => performance.now() + by,
    move: (millis) => (by += millis),
  };
}

export async function until(condition) {
  while (!(await condition())) await new Promise((done) => setTimeout(done, 10));
}
