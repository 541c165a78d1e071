import { expect, test } from 'vitest';
import { gridOf } from './grid';

test('amounts become steps and come back, with the decimals of the step', () => {
  const tick = gridOf('0.01000000');
  expect(tick.steps('60000.07000000')).toBe(6_000_007);
  expect(tick.text(6_000_007)).toBe('60000.07');
  expect(gridOf('1.00000000').text(7)).toBe('7');
});

test('a step need not be a power of ten', () => {
  const tick = gridOf('0.05000000');
  expect(tick.steps('1.35')).toBe(27);
  expect(tick.text(27)).toBe('1.35');
});

test('sums of steps are exact where those of floats are not', () => {
  const lot = gridOf('0.00000001');
  const sum = ['0.1', '0.2', '33333333.33333333'].map((text) => lot.steps(text));
  expect(lot.text(sum.reduce((a, b) => a + b))).toBe('33333333.63333333');
});
