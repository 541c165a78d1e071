import { expect, test } from 'vitest';
import { INFO, REPORT, ROW } from '../testing/fake-orders';
import { fromInfo, fromReport, fromRow, hasEnded, type MyOrder, withOrder } from './my-orders';

const order = (id: number, changes: Partial<MyOrder> = {}): MyOrder => ({
  id,
  clientId: `c${id}`,
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  price: '1.00000000',
  stopPrice: '0.00000000',
  quantity: '2.00000000',
  filled: '0.00000000',
  filledQuote: '0.00000000',
  status: 'NEW',
  createdMs: 1,
  updatedMs: 1,
  ...changes,
});

test('a new order comes first, a changed one stays in its place', () => {
  const orders = withOrder(withOrder([order(1)], order(3)), order(2));
  expect(orders.map(({ id }) => id)).toEqual([3, 2, 1]);
  const filled = order(2, { filled: '1.00000000', status: 'PARTIALLY_FILLED', updatedMs: 2 });
  expect(withOrder(orders, filled)[1]).toBe(filled);
});

test.each(['FILLED', 'CANCELED', 'EXPIRED', 'EXPIRED_IN_MATCH', 'REJECTED'])(
  'an order that is %s is open no more',
  (status) => {
    expect(withOrder([order(1)], order(1, { status, updatedMs: 2 }))).toEqual([]);
  },
);

test('an old report changes nothing, also one of the same millisecond', () => {
  const known = order(1, { filled: '1.00000000', status: 'PARTIALLY_FILLED', updatedMs: 5 });
  expect(withOrder([known], order(1, { updatedMs: 4 }))).toEqual([known]);
  expect(withOrder([known], order(1, { updatedMs: 5 }))).toEqual([known]);
});

test("after a cancel the order's own id is that under C", () => {
  expect(
    fromReport({ ...REPORT, S: 'SELL', x: 'CANCELED', X: 'CANCELED', c: 'cancel-1', C: 'mine' }),
  ).toMatchObject({ clientId: 'mine', side: 'SELL', status: 'CANCELED' });
  expect(fromReport(REPORT).clientId).toBe('mine');
});

test('a row without a stop price has none', () => {
  expect(fromRow({ ...ROW, updateTime: 6 })).toMatchObject({
    id: 7,
    stopPrice: '0.00000000',
    updatedMs: 6,
  });
});

test.each([
  ['OPEN', null, null, 'NEW', null],
  ['CANCELLED', 'MARKET_CLOSED', null, 'CANCELED', 'MARKET_CLOSED'],
  ['REJECTED', 'INSUFFICIENT_FUNDS', null, 'REJECTED', 'INSUFFICIENT_FUNDS'],
  ['EXPIRED', null, 'OCO_TRIGGER', 'EXPIRED', 'OCO_TRIGGER'],
])('an order that is %s for %s or %s is shown as %s for %s', (status, refusal, expiry, ...told) => {
  const order = fromInfo({ ...INFO, side: 'SELL', status, refusal, expiry });
  expect([order.status, order.reason]).toEqual(told);
  expect(order).toMatchObject({ id: 7, side: 'SELL', quantity: '2.00000000' });
});

test('the quantity of a market order by value is what it has filled', () => {
  const order = fromInfo({
    ...INFO,
    quantity: '0.00000000',
    quote_quantity: '9.00000000',
    filled_quantity: '0.50000000',
  });
  expect(order.quantity).toBe('0.50000000');
});

test('a stop order works from when it is told so', () => {
  expect(fromReport(REPORT).working).toBe(true);
  expect(fromReport({ ...REPORT, w: false }).working).toBe(false);
});

test.each([
  ['PENDING_VALIDATION', false],
  ['OPEN', false],
  ['PARTIALLY_FILLED', false],
  ['FILLED', true],
  ['CANCELLED', true],
  ['REJECTED', true],
])('an order that is %s has ended: %j', (status, ended) => {
  expect(hasEnded(fromInfo({ ...INFO, status }))).toBe(ended);
});
