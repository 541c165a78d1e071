import { expect, test } from 'vitest';
import { LiveBook, type Pair } from '../../shared/live/live-book';
import type { MyOrder } from '../../shared/orders/my-orders';
import { ladderRows } from './ladder-rows';

const MARKET = { tick: '0.01000000', lot: '0.50000000' };
const WISH = { step: null, centred: 0, armed: false };
const AT_100 = { middle: 100, step: 1, half: 2, wish: WISH };

const order = (id: number, price: string, changes: Partial<MyOrder> = {}): MyOrder => ({
  id,
  clientId: 'c',
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  price,
  stopPrice: '0.00000000',
  quantity: '2.00000000',
  filled: '0.00000000',
  filledQuote: '0',
  status: 'NEW',
  working: true,
  createdMs: 1,
  updatedMs: 1,
  ...changes,
});

function view(bid: Pair, ask: Pair, group = 1) {
  const book = new LiveBook(MARKET);
  book.reset({ lastUpdateId: 1, bids: [bid], asks: [ask] });
  return book.view(10, group);
}

test("rows go through the middle tick by tick, one's own orders on them", () => {
  const mine = [order(1, '1.00000000', { filled: '0.50000000' }), order(2, '1.00000000')];
  const none = { bid: null, ask: null, own: null, stops: null };
  expect(ladderRows(view(['1.00', '5'], ['1.02', '7']), mine, MARKET, AT_100)).toEqual([
    { ...none, ticks: 102, price: '1.02', ask: 14 },
    { ...none, ticks: 101, price: '1.01' },
    { ...none, ticks: 100, price: '1.00', bid: 10, own: { lots: 7, ids: [1, 2] } },
    { ...none, ticks: 99, price: '0.99' },
    { ...none, ticks: 98, price: '0.98' },
  ]);
});

test("a row of several ticks holds one's own orders of all of them", () => {
  const scale = { middle: 100, step: 10, half: 1, wish: WISH };
  const mine = [
    order(1, '1.09000000'),
    order(2, '1.01000000', { filled: '1.00000000' }),
    order(3, '1.01000000', { side: 'SELL' }),
  ];
  const rows = ladderRows(view(['1.04', '5'], ['1.31', '7'], 10), mine, MARKET, scale);
  expect(rows.map(({ price, bid, own }) => [price, bid, own])).toEqual([
    ['1.10', null, { lots: 4, ids: [3] }],
    ['1.00', 10, { lots: 6, ids: [1, 2] }],
    ['0.90', null, null],
  ]);
});

test('a stop order that waits stands apart at its stop price, and at its price once it works', () => {
  const stop = { type: 'STOP_LOSS_LIMIT', stopPrice: '1.02000000' };
  const mine = [
    order(1, '1.01000000', { ...stop, working: false }),
    order(2, '1.01000000', { ...stop, working: true }),
  ];
  const rows = ladderRows(view(['1.00', '5'], ['1.02', '7']), mine, MARKET, AT_100);
  expect(rows.slice(0, 2).map(({ price, own, stops }) => [price, own, stops])).toEqual([
    ['1.02', null, { lots: 4, ids: [1] }],
    ['1.01', { lots: 4, ids: [2] }, null],
  ]);
});
