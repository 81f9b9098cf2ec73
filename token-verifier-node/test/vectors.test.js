import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { Replica } from '../src/replica.js';
import { target } from '../src/rules.js';

const { now, skew, tokens, feed } = JSON.parse(
  readFileSync(new URL('../../docs/revocation-feed/vectors.json', import.meta.url), 'utf8'),
);
const START = '1763900000000-42';
const clock = { wall: () => now * 1000, steady: () => 0 };

function replica(position, rules) {
  const copy = new Replica({ issuer: 'https://issuer.example', clockSkew: skew, stalenessBound: 5_000, clock });
  copy.load({ issuer: 'https://issuer.example', position, rules });
  return copy;
}

function outcome(copy, { header, claims }) {
  copy.apply({ event: 'heartbeat', data: JSON.stringify({ position: copy.position, age_ms: 0, elapsed_ms: 0 }) });
  const looked = target(header, claims);
  if (!looked || copy.refuses(looked)) return 'refused';
  return copy.fresh ? 'accepted' : 'stale';
}

describe('tokens, with the rules of the snapshot', () => {
  for (const { name, rules, token, expected } of tokens) {
    test(name, () => assert.equal(outcome(replica(START, rules), token), expected));
  }
});

describe('tokens, with the rules of the feed', () => {
  for (const { name, rules, token, expected } of tokens) {
    test(name, () => {
      const copy = replica(START, []);
      rules.forEach((rule, i) => {
        const entry = { id: `1763900000000-${43 + i}`, event: 'rule', data: JSON.stringify(rule) };
        assert.equal(copy.apply(entry), 'read on');
      });
      assert.equal(outcome(copy, token), expected);
    });
  }
});

describe('what the feed says', () => {
  for (const { name, position, events, expected } of feed) {
    test(name, () => {
      const copy = replica(position, []);
      let next = 'read on';
      for (const event of events) {
        assert.equal(next, 'read on');
        next = copy.apply({ ...event, data: JSON.stringify(event.data) });
      }
      assert.deepEqual({ position: copy.position, then: next }, expected);
    });
  }
});
