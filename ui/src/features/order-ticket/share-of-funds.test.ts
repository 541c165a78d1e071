import { expect, test } from 'vitest';
import { BTCUSDT } from '../../shared/testing/fake-partners';
import type { Draft } from '../../shared/ticket/draft';
import type { Facts } from '../../shared/ticket/facts';
import { shareOfFunds } from './share-of-funds';

const FACTS: Facts = {
  market: BTCUSDT,
  live: true,
  sending: false,
  funds: { base: '0.12345678', quote: '1000.00000000' },
  bid: '49999.00',
  ask: '50001.00',
  lastPrice: '50000.00000000',
  takerRate: null,
  open: { orders: 0, conditional: 0 },
};
const DRAFT: Draft = {
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  price: '30000',
  stopPrice: '',
  quantity: '',
};
const share = (percent: number, changes: Partial<Draft> = {}, facts: Partial<Facts> = {}) =>
  shareOfFunds(percent, { ...DRAFT, ...changes }, { ...FACTS, ...facts });

test('a buy is as large as the quote currency pays for at its price, in whole lots', () => {
  expect([share(100), share(75), share(25)]).toEqual(['0.03333', '0.02500', '0.00833']);
});

test('a market buy is as large as what will be reserved of it allows', () => {
  expect(share(100, { type: 'MARKET', price: '' })).toBe('0.01818');
});

test('a sale is as large as the base currency', () => {
  expect([share(100, { side: 'SELL', price: '' }), share(50, { side: 'SELL' })]).toEqual([
    '0.12345',
    '0.06172',
  ]);
});

test('no order is larger than one may be', () => {
  const market = { ...BTCUSDT, maxQuantity: '0.01000000', marketMaxQuantity: '0.00500000' };
  expect(share(100, {}, { market })).toBe('0.01000');
  expect(share(100, { type: 'MARKET' }, { market })).toBe('0.00500');
});

test('without a price or a login there is none', () => {
  expect([share(50, { price: '' }), share(50, { price: '0' })]).toEqual([null, null]);
  expect(share(50, {}, { funds: null })).toBeNull();
});
