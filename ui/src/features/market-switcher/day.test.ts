import { expect, test } from 'vitest';
import { changeOf, type Day } from './day';

const day = (open: string, last: string): Day => ({
  symbol: 'BTCUSDT',
  open,
  last,
  high: last,
  low: open,
  volume: '1',
  quoteVolume: '1',
});

test.each([
  [day('100', '101.25'), '+1.25 %', 'up'],
  [day('100', '98'), '−2.00 %', 'down'],
  [day('100', '100'), '+0.00 %', 'flat'],
  [day('0.00000000', '0.00000000'), '–', 'flat'],
  [undefined, '–', 'flat'],
] as const)('%j is %s', (given, text, direction) => {
  expect(changeOf(given)).toEqual({ text, direction });
});
