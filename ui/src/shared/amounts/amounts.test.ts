import { expect, test } from 'vitest';
import {
  compare,
  decimalsOf,
  isMultiple,
  minus,
  nudged,
  onGrid,
  paidFor,
  plus,
  shown,
  times,
  trimmed,
  typedAmount,
} from './amounts';

test('arithmetic is exact to eight places', () => {
  expect(times('0.1', '0.2')).toBe('0.02000000');
  expect(plus('0.1', '0.2')).toBe('0.30000000');
  expect(minus('1', '0.99999999')).toBe('0.00000001');
  expect(compare('10', '9.99999999')).toBe(1);
});

test.each(['', '.', '-1', '1e3', '１', '1.123456789', '1234567890123'])(
  '%j is no amount',
  (text) => {
    expect(typedAmount(text)).toBeNull();
  },
);

test.each(['0', '1.', '0.00000001', '999999999999.99999999'])('%s is an amount', (text) => {
  expect(typedAmount(text)).toBe(text);
});

test('a step says how many decimals there are', () => {
  expect([decimalsOf('0.01000000'), decimalsOf('1.00000000'), decimalsOf('0.00001')]).toEqual([
    2, 0, 5,
  ]);
  expect([isMultiple('1.23', '0.01'), isMultiple('1.234', '0.01')]).toEqual([true, false]);
});

test('an amount goes to the grid downwards or upwards, and stays where it is on it', () => {
  expect(onGrid('1.239', '0.01', 'down')).toBe('1.23000000');
  expect(onGrid('1.231', '0.01', 'up')).toBe('1.24000000');
  expect([onGrid('1.23', '0.01', 'up'), onGrid('1.23', '0.01', 'down')]).toEqual([
    '1.23000000',
    '1.23000000',
  ]);
});

test('a sum pays for whole steps, and never for one too many', () => {
  expect(paidFor('1000', '3', '0.001')).toBe('333.333');
  expect(paidFor('0.3', '0.1', '1')).toBe('3');
  expect(paidFor('299.99999999', '100', '1.00000000')).toBe('2');
});

test('nudging moves by steps, stays on the grid and above nothing', () => {
  expect(nudged('100.00', '0.01', 1)).toBe('100.01');
  expect(nudged('100.004', '0.01', -1)).toBe('99.99');
  expect(nudged('0.01', '0.01', -5)).toBe('0.01');
  expect(nudged('', '0.001', 10)).toBe('0.010');
});

test('amounts are drawn in groups, or as short as they are', () => {
  expect(shown('1234567.5', 2)).toBe('1,234,567.50');
  expect(shown('0.1', 0)).toBe('0');
  expect(trimmed('0.50000000')).toBe('0.5');
});
