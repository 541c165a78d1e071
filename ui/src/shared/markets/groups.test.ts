import { expect, test } from 'vitest';
import { groupings } from './groups';

test('rows are steps of the price that a trader thinks in', () => {
  expect(groupings('0.01000000').map((grouping) => grouping.label)).toEqual([
    '0.01',
    '0.1',
    '0.5',
    '1',
    '10',
    '100',
  ]);
});
