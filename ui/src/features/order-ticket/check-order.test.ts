import { expect, test } from 'vitest';
import type { Market } from '../../shared/markets/markets';
import { type Draft, estimate } from './check-order';

const MARKET: Market = {
  symbol: 'BTCUSDT',
  status: 'TRADING',
  base: 'BTC',
  quote: 'USDT',
  tick: '0.01000000',
  lot: '0.00001000',
  minPrice: '0.01000000',
  maxPrice: '1000000.00000000',
  minQuantity: '0.00001000',
  maxQuantity: '9000.00000000',
  minNotional: '5.00000000',
  maxNotional: '9000000.00000000',
  orderTypes: ['LIMIT'],
  bidBand: ['0.2', '1.1'],
  askBand: ['0.9', '5'],
  priceDecimals: 2,
  quantityDecimals: 5,
};
const FUNDS = { base: '1.00000000', quote: '1000.00000000' };
const DRAFT: Draft = {
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  price: '50000',
  stopPrice: '',
  quantity: '0.01',
};
const of = (changes: Partial<Draft>, market = MARKET, funds: typeof FUNDS | null = FUNDS) =>
  estimate({ ...DRAFT, ...changes }, market, funds, '0.00100000', '50000.00000000');

test('a buy costs price × quantity, reserves that, and pays its fee in what it buys', () => {
  expect(of({})).toEqual({
    cost: '500.00000000',
    fee: '0.00001000',
    feeCurrency: 'BTC',
    reserved: '500.00000000',
    reservedCurrency: 'USDT',
    problem: null,
  });
});

test('a sale reserves what is sold, and pays its fee in what it brings', () => {
  expect(of({ side: 'SELL' })).toMatchObject({
    fee: '0.50000000',
    feeCurrency: 'USDT',
    reserved: '0.01',
    reservedCurrency: 'BTC',
    problem: null,
  });
});

test('a market order is estimated at the best price', () => {
  expect(of({ type: 'MARKET', price: '' })).toMatchObject({ cost: '500.00000000', problem: null });
  const nobody = estimate({ ...DRAFT, type: 'MARKET' }, MARKET, FUNDS, '0.001', null);
  expect(nobody).toMatchObject({ cost: null, problem: 'Nobody is on the other side.' });
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
] as const)('%j: %s', (changes, problem) => {
  expect(of(changes).problem).toBe(problem);
});

test('a halted market and a missing login are said first and last', () => {
  expect(of({}, { ...MARKET, status: 'HALT' }).problem).toBe('BTCUSDT is halted.');
  expect(of({}, MARKET, null).problem).toBe('Log in to trade.');
});
