import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff, EventParser } from '../src/feed.js';

const parsed = (...pieces) => {
  const parser = new EventParser();
  return pieces.flatMap((piece) => [...parser.parse(Buffer.from(piece))]);
};

for (const end of ['\n', '\r', '\r\n']) {
  test(`events whose lines end in ${JSON.stringify(end)}, in one piece and byte by byte`, () => {
    const lines = ['\uFEFF: comment', 'id: 1-2', 'event:rule', 'data: {"a":', 'data:  "ü"}', 'unknown: x', '', 'data', '', 'event: x', '', ''];
    const expected = [
      { id: '1-2', event: 'rule', data: '{"a":\n "ü"}' },
      { id: undefined, event: 'message', data: '' },
    ];
    const bytes = Buffer.from(lines.join(end));
    assert.deepEqual(parsed(bytes), expected);
    assert.deepEqual(parsed(...[...bytes].map((byte) => [byte])), expected);
  });
}

test('an event without an end does not fill the memory', () => {
  assert.throws(() => parsed(`data: ${'x'.repeat(70_000)}`), /too long/);
  assert.throws(() => parsed('data: x\n'.repeat(40_000)), /too long/);
});

test('delays grow, are spread, and have a bound', () => {
  const backoff = new Backoff(50);
  for (const ceiling of [50, 100, 200, 400, 800, 1600, 2000, 2000]) {
    const delay = backoff.next(2_000);
    assert.ok(delay >= ceiling / 2 && delay <= ceiling, `${delay} of ${ceiling}`);
  }
  backoff.reset();
  assert.ok(backoff.next(2_000) <= 50);
});
