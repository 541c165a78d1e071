import { expect, test } from 'vitest';
import { inWords, stepText } from './words';

test.each([
  ['MARKET_CLOSED', 'the market is closed'],
  ['42 CANCELLED', '42 cancelled'],
  ['5.00000000 USDT', '5.00000000 USDT'],
  ['BRAND_NEW', 'BRAND_NEW'],
  ['', ''],
])('%j is said as %j', (constant, words) => {
  expect(inWords(constant)).toBe(words);
});

test('a step that nobody has words for is shown as it is called', () => {
  expect(stepText('brand_new')).toBe('brand new');
  expect(stepText('order_open')).toBe('Open');
});
