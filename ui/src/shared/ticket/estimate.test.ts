import { expect, test } from 'vitest';
import { DRAFT, FACTS } from '../testing/fake-draft';
import type { Draft } from './draft';
import { estimate } from './estimate';
import type { Facts } from './facts';

const of = (changes: Partial<Draft>, facts: Partial<Facts> = {}) =>
  estimate({ ...DRAFT, ...changes }, { ...FACTS, ...facts });

test('a buy costs price × quantity, reserves that, and pays its fee in what it buys', () => {
  expect(of({})).toEqual({
    cost: '500.00000000',
    fee: '0.00001000',
    feeComes: false,
    feeCurrency: 'BTC',
    reserved: '500.00000000',
    reservedCurrency: 'USDT',
  });
});

test('a sale reserves what is sold, and pays its fee in what it brings', () => {
  expect(of({ side: 'SELL' })).toMatchObject({
    fee: '0.50000000',
    feeCurrency: 'USDT',
    reserved: '0.01',
    reservedCurrency: 'BTC',
  });
});

test('a market buy costs the best price, and reserves up to the band around the last one', () => {
  const buy = { type: 'MARKET', price: '7' } as const;
  expect(of(buy)).toMatchObject({ cost: '500.01000000', reserved: '550.00000000' });
  // The band's edge, 55,000.0055, is rounded inwards to the tick.
  expect(of(buy, { lastPrice: '50000.00500000' }).reserved).toBe('550.00000000');
  expect(of(buy, { lastPrice: null }).reserved).toBe('550.01100000');
  expect(of(buy, { lastPrice: '990000' }).reserved).toBe('10000.00000000');
  expect(of(buy, { lastPrice: null, ask: null })).toMatchObject({ cost: null, reserved: null });
});

test('a stop loss costs its stop price, and reserves up to the band around that', () => {
  expect(of({ type: 'STOP_LOSS', stopPrice: '60000' })).toMatchObject({
    cost: '600.00000000',
    reserved: '660.00000000',
  });
});

test('while the rate is not known there is no fee, but one to come', () => {
  expect(of({}, { takerRate: null })).toMatchObject({ fee: null, feeComes: true });
  expect(of({ quantity: '' }, { takerRate: null })).toMatchObject({ fee: null, feeComes: false });
});
