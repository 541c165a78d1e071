import { expect, test } from 'vitest';
import type { MyOrder } from '../../shared/orders/my-orders';
import { BTCUSDT } from '../../shared/testing/fake-partners';
import { averageText, priceText } from './price-text';

const order = (changes: Partial<MyOrder>) => changes as MyOrder;

test.each([
  ['61234.50000000', '0.00000000', '61,234.50'],
  ['0.00000000', '0.00000000', 'market'],
  ['60900.00000000', '61000.00000000', 'stop 61,000.00 → limit 60,900.00'],
  ['0.00000000', '61000.00000000', 'stop 61,000.00 → market'],
])('price %s with stop price %s is %s', (price, stopPrice, text) => {
  expect(priceText(order({ price, stopPrice }), BTCUSDT)).toBe(text);
});

test.each([
  ['0.00000000', '0.00000000', ''],
  ['0.50000000', '30617.25000000', '61,234.50'],
  ['3.00000000', '100000.00000000', '33,333.33333333'],
  ['0.00000003', '0.00180000', '60,000.00'],
])('%s filled for %s is %s on average', (filled, filledQuote, text) => {
  expect(averageText(order({ filled, filledQuote }), BTCUSDT)).toBe(text);
});
