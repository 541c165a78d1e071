import { expect, test } from 'vitest';
import { LiveBook } from '../../shared/live/live-book';
import type { MyOrder } from '../../shared/orders/my-orders';
import { ladderRows, scaleFor } from './ladder-rows';

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

const AT_100 = { middle: 100, step: 1, half: 2 };

test("rows go through the middle tick by tick, one's own orders on them", () => {
  const book = new LiveBook(2);
  book.reset({ lastUpdateId: 1, bids: [['1.00', '5']], asks: [['1.02', '7']] });
  const rows = ladderRows(
    book.view(10),
    [order(1, '1.00000000', '0.50000000'), order(2, '1.00000000'), order(3, '0.00000000')],
    2,
    AT_100,
  );
  expect(rows).toEqual([
    { ticks: 102, price: '1.02', bid: null, ask: '7', own: null, ownIds: [] },
    { ticks: 101, price: '1.01', bid: null, ask: null, own: null, ownIds: [] },
    { ticks: 100, price: '1.00', bid: '5', ask: null, own: '3.50000000', ownIds: [1, 2] },
    { ticks: 99, price: '0.99', bid: null, ask: null, own: null, ownIds: [] },
    { ticks: 98, price: '0.98', bid: null, ask: null, own: null, ownIds: [] },
  ]);
});

test("a row of several ticks holds one's own orders of all of them", () => {
  const book = new LiveBook(2);
  book.reset({ lastUpdateId: 1, bids: [['1.04', '5']], asks: [['1.31', '7']] });
  const scale = { middle: 100, step: 10, half: 1 };
  const mine = [order(1, '1.09000000'), order(2, '1.01000000', '1.00000000')];
  const rows = ladderRows(book.view(10, scale.step), mine, 2, scale);
  expect(rows.map(({ price, bid, own, ownIds }) => [price, bid, own, ownIds])).toEqual([
    ['1.10', null, null, []],
    ['1.00', '5', '3.00000000', [1, 2]],
    ['0.90', null, null, []],
  ]);
});

test('the step follows the spread, the middle only a best price that leaves it', () => {
  const book = new LiveBook(2);
  const scaleAt = (bid: string, ask: string, last: ReturnType<typeof scaleFor>) => {
    book.reset({ lastUpdateId: 1, bids: [[bid, '1']], asks: [[ask, '1']] });
    return scaleFor(book.view(1), 20, last);
  };
  const first = scaleAt('59985.00', '60012.00', null);
  expect(first).toEqual({ middle: 6_000_000, step: 1_000, half: 20 });
  expect(scaleAt('60070.00', '60071.00', first)).toBe(first);
  expect(scaleAt('60110.00', '60130.00', first)).toEqual({ ...first, middle: 6_012_000 });
});

test('without a price there is no ladder', () => {
  expect(scaleFor(new LiveBook(2).view(10), 5, null)).toBeNull();
});
