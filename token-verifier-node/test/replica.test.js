import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Replica } from '../src/replica.js';

const HOUR = 3_600_000;

test('an issuer whose clock runs fast does not make a late heartbeat look new', () => {
  let now = 0;
  const clock = { wall: () => now, steady: () => now };
  const copy = new Replica({ issuer: 'https://issuer.example', clockSkew: 30, stalenessBound: 5_000, clock });
  copy.load({ issuer: 'https://issuer.example', position: '5-10', rules: [] });
  const heartbeat = (elapsed) =>
    copy.apply({ event: 'heartbeat', data: JSON.stringify({ position: '5-10', age_ms: 0, elapsed_ms: elapsed }) });
  copy.connecting();
  let elapsed = 0;
  for (let hour = 0; hour < 24; hour++) {
    now += HOUR;
    elapsed += HOUR + 200;
    assert.equal(heartbeat(elapsed), 'read on');
    assert.equal(copy.staleness, 0);
  }
  now += 2_000;
  assert.equal(heartbeat(elapsed), 'read on');
  assert.equal(copy.staleness, 2_000);
  now += 2_000;
  assert.equal(heartbeat(elapsed), 'connect again');
  copy.connecting();
  assert.equal(heartbeat(0), 'read on');
  assert.equal(copy.staleness, 0);
});
