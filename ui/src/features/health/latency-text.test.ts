import { expect, it } from 'vitest';
import { latencyText } from './latency-text';

it.each([
  [0, '0.0 ms'],
  [0.42, '0.4 ms'],
  [9.94, '9.9 ms'],
  [9.97, '10 ms'],
  [123.4, '123 ms'],
  [999.6, '1.00 s'],
  [1_254, '1.25 s'],
])('says %d ms as %s', (ms, words) => {
  expect(latencyText(ms)).toBe(words);
});
