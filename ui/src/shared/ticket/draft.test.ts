import { expect, test } from 'vitest';
import { type Draft, offeredTypes, orderOf } from './draft';

const DRAFT: Draft = {
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'IOC',
  price: '100.',
  stopPrice: '90',
  quantity: '0.10',
};
const common = { side: 'BUY', quantity: '0.1' };

test('an order has what its type takes and nothing else, as the gateway writes amounts', () => {
  expect(orderOf(DRAFT)).toEqual({ ...common, type: 'LIMIT', price: '100', timeInForce: 'IOC' });
  expect(orderOf({ ...DRAFT, type: 'LIMIT_MAKER' })).toEqual({
    ...common,
    type: 'LIMIT_MAKER',
    price: '100',
  });
  expect(orderOf({ ...DRAFT, type: 'MARKET' })).toEqual({ ...common, type: 'MARKET' });
  expect(orderOf({ ...DRAFT, type: 'TAKE_PROFIT' })).toEqual({
    ...common,
    type: 'TAKE_PROFIT',
    stopPrice: '90',
  });
  expect(orderOf({ ...DRAFT, type: 'STOP_LOSS_LIMIT' })).toEqual({
    ...common,
    type: 'STOP_LOSS_LIMIT',
    price: '100',
    stopPrice: '90',
    timeInForce: 'IOC',
  });
});

test('what a market takes is offered, but for what the ticket cannot express', () => {
  expect(offeredTypes(['MARKET', 'PEGGED', 'LIMIT']).map(([type]) => type)).toEqual([
    'LIMIT',
    'MARKET',
  ]);
});
