import { expect, test } from 'vitest';
import { availableOf, withPosition } from './balances';

const BTC = { currency: 'BTC', available: '1.00000000', reserved: '0.00000000' };

test('a position changes the currencies that it names, and adds new ones', () => {
  const changed = withPosition([BTC], {
    e: 'outboundAccountPosition',
    E: 1,
    B: [
      { a: 'USDT', f: '5.00000000', l: '1.00000000' },
      { a: 'BTC', f: '0.50000000', l: '0.50000000' },
    ],
  });
  expect(changed).toEqual([
    { currency: 'BTC', available: '0.50000000', reserved: '0.50000000' },
    { currency: 'USDT', available: '5.00000000', reserved: '1.00000000' },
  ]);
});

test('of an unknown currency there is nothing', () => {
  expect(availableOf([BTC], 'ETH')).toBe('0.00000000');
});
