import { expect, test } from 'vitest';
import { DRAFT, FACTS } from '../testing/fake-draft';
import { BTCUSDT } from '../testing/fake-partners';
import { problemOf } from './check-order';
import type { Draft } from './draft';
import type { Facts } from './facts';

const FUNDS = { base: '1.00000000', quote: '1000.00000000' };
const problem = (changes: Partial<Draft>, facts: Partial<Facts> = {}) =>
  problemOf({ ...DRAFT, ...changes }, { ...FACTS, funds: FUNDS, ...facts });

test('an order that keeps all rules has no problem', () => {
  expect(problem({})).toBeNull();
  expect(problem({ side: 'SELL' })).toBeNull();
});

test.each([
  [{ price: '' }, 'Enter a price.'],
  [{ price: '50000.001' }, 'The price moves in steps of 0.01.'],
  [{ price: '1000001' }, 'The price must be 0.01 to 1000000.'],
  [{ quantity: '' }, 'Enter a quantity.'],
  [{ quantity: '0.000001' }, 'The quantity moves in steps of 0.00001.'],
  [{ quantity: '0' }, 'The quantity must be 0.00001 to 9000.'],
  [{ quantity: '0.00001' }, 'The value must be 5 to 9000000 USDT.'],
  [{ quantity: '0.03' }, 'Not enough USDT: 1,000.00000000 available.'],
  [{ side: 'SELL', quantity: '2' }, 'Not enough BTC: 1.00000000 available.'],
  [{ type: 'STOP_LOSS_LIMIT' }, 'Enter a stop price.'],
  [{ type: 'STOP_LOSS', price: '' }, 'Enter a stop price.'],
] as const)('%j: %s', (changes, said) => {
  expect(problem(changes)).toBe(said);
});

test('what stands above all else: old prices, then a halt; and a login last', () => {
  const halted = { ...BTCUSDT, status: 'HALT' };
  expect(problem({}, { market: halted, live: false })).toBe(
    'Prices are not live: the ticket waits.',
  );
  expect(problem({ price: '' }, { market: halted })).toBe('BTCUSDT is halted.');
  expect(problem({ price: '' }, { funds: null })).toBe('Enter a price.');
  expect(problem({}, { funds: null })).toBe('Log in to trade.');
});

test("a price is held to its side's band around the last price, inclusive", () => {
  const buy = 'The price of a buy must be 10,000.00 to 55,000.00: 0.2 to 1.1 times';
  expect(problem({ price: '55000.01' })).toBe(`${buy} the last price, 50,000.00.`);
  expect(problem({ price: '9999.99' })).toBe(`${buy} the last price, 50,000.00.`);
  expect([problem({ price: '55000' }), problem({ price: '10000' })]).toEqual([null, null]);
  expect(problem({ side: 'SELL', price: '44999.99' })).toBe(
    'The price of a sell must be 45,000.00 to 250,000.00: 0.9 to 5 times the last price, 50,000.00.',
  );
  expect(problem({ price: '99999', quantity: '0.001' }, { lastPrice: null })).toBeNull();
});

test('with a stop price the band is around that', () => {
  const stop = { type: 'STOP_LOSS_LIMIT', stopPrice: '60000', quantity: '0.001' } as const;
  expect(problem({ ...stop, price: '66000' })).toBeNull();
  expect(problem({ ...stop, price: '66000.01' })).toBe(
    'The price of a buy must be 12,000.00 to 66,000.00: 0.2 to 1.1 times its stop price.',
  );
});

test.each([
  ['STOP_LOSS', 'BUY', '50000.01', '50000', 'above'],
  ['STOP_LOSS', 'SELL', '49999.99', '50000', 'below'],
  ['TAKE_PROFIT', 'BUY', '49999.99', '50000', 'below'],
  ['TAKE_PROFIT_LIMIT', 'SELL', '50000.01', '50000', 'above'],
] as const)('a %s %s may wait at %s; at %s it would trigger at once', (...row) => {
  const [type, side, waits, reached, where] = row;
  const stop = { type, side, quantity: '0.01' };
  expect(problem({ ...stop, stopPrice: waits })).toBeNull();
  expect(problem({ ...stop, stopPrice: reached })).toBe(
    `This would trigger at once: the stop price must be ${where} the last price, 50,000.00.`,
  );
  expect(problem({ ...stop, stopPrice: reached }, { lastPrice: null })).toBeNull();
});

test('a post-only order that would take is foreseen on both sides', () => {
  const post = { type: 'LIMIT_MAKER' } as const;
  expect(problem({ ...post, price: '50001' })).toBe(
    'This would take: a post-only buy must be below the best ask, 50,001.00.',
  );
  expect(problem({ ...post, price: '50000.99' })).toBeNull();
  expect(problem({ ...post, side: 'SELL', price: '49999' })).toBe(
    'This would take: a post-only sell must be above the best bid, 49,999.00.',
  );
  expect(problem({ ...post, price: '50001' }, { ask: null })).toBeNull();
});

test('what takes any price is held to the market lots too', () => {
  const market = { ...BTCUSDT, marketMaxQuantity: '0.01000000' };
  const said = 'The quantity must be 0.00001 to 0.01.';
  expect(problem({ type: 'MARKET', quantity: '0.02' }, { market })).toBe(said);
  expect(problem({ type: 'STOP_LOSS', stopPrice: '50001', quantity: '0.02' }, { market })).toBe(
    said,
  );
  expect(problem({ side: 'SELL', quantity: '0.02' }, { market })).toBeNull();
});

test('a market order meets somebody, is worth enough at the last price, and is paid for', () => {
  const order = { type: 'MARKET', price: '' } as const;
  expect(problem(order)).toBeNull();
  expect(problem(order, { ask: null })).toBe('Nobody is on the other side.');
  expect(problem({ ...order, quantity: '0.00009' })).toBe('The value must be 5 to 9000000 USDT.');
  // 0.0181 × 50,000 is 905, but up to the band 995.5 may be needed; 0.0182 may need 1,001.
  expect(problem({ ...order, quantity: '0.0181' })).toBeNull();
  expect(problem({ ...order, quantity: '0.0182' })).toBe(
    'Not enough USDT: 1,000.00000000 available, and an order that takes any price reserves up to the price band.',
  );
});

test('the numbers of open orders have their limits', () => {
  expect(problem({}, { open: { orders: 199, conditional: 5 } })).toBeNull();
  expect(problem({}, { open: { orders: 200, conditional: 0 } })).toBe(
    'BTCUSDT takes no more than 200 open orders of one user: cancel one.',
  );
  const stop = { type: 'STOP_LOSS', stopPrice: '50001' } as const;
  expect(problem(stop, { open: { orders: 5, conditional: 4 } })).toBeNull();
  expect(problem(stop, { open: { orders: 5, conditional: 5 } })).toBe(
    'BTCUSDT takes no more than 5 orders with a stop price of one user: cancel one.',
  );
});
