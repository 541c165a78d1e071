import { expect, test } from 'vitest';
import { LiveBook } from '../../shared/live/live-book';
import type { MyOrder } from '../../shared/orders/my-orders';
import { ladderRows } from './ladder-rows';

const order = (id: number, price: string, filled = '0.00000000'): MyOrder => ({
  id,
  clientId: 'c',
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  price,
  stopPrice: '0',
  quantity: '2.00000000',
  filled,
  filledQuote: '0',
  status: 'NEW',
  createdMs: 1,
  updatedMs: 1,
});

test("rows go through the middle tick by tick, one's own orders on them", () => {
  const book = new LiveBook(2);
  book.reset({ lastUpdateId: 1, bids: [['1.00', '5']], asks: [['1.02', '7']] });
  const rows = ladderRows(
    book.view(10),
    [order(1, '1.00000000', '0.50000000'), order(2, '1.00000000'), order(3, '0.00000000')],
    2,
    2,
  );
  expect(rows).toEqual([
    { ticks: 102, price: '1.02', bid: null, ask: '7', own: null, ownIds: [] },
    { ticks: 101, price: '1.01', bid: null, ask: null, own: null, ownIds: [] },
    { ticks: 100, price: '1.00', bid: '5', ask: null, own: '3.50000000', ownIds: [1, 2] },
    { ticks: 99, price: '0.99', bid: null, ask: null, own: null, ownIds: [] },
    { ticks: 98, price: '0.98', bid: null, ask: null, own: null, ownIds: [] },
  ]);
});

test('without a price there is no ladder', () => {
  expect(ladderRows(new LiveBook(2).view(10), [], 2, 5)).toEqual([]);
});
