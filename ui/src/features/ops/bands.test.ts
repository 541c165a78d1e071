import { expect, test } from 'vitest';
import {
  multiplierAbove,
  multiplierBelow,
  percentAbove,
  percentBelow,
  percentsText,
  pricesText,
} from './bands';

test('multipliers are told in per cent of the last price, exactly', () => {
  expect(percentsText(['0.20000000', '1.10000000'])).toBe('−80 % to +10 %');
  expect(percentsText(['0.99900000', '1.00100000'])).toBe('−0.1 % to +0.1 %');
  expect(percentsText(['', ''])).toBe('–');
});

test('per cent become the multipliers that they were, where floats would not', () => {
  for (const multiplier of ['0.2', '0.971', '0.999', '0.123456']) {
    expect(multiplierBelow(percentBelow(multiplier))).toBe(multiplier);
  }
  for (const multiplier of ['1.001', '1.1', '1.15', '5', '100']) {
    expect(multiplierAbove(percentAbove(multiplier))).toBe(multiplier);
  }
});

test('prices are on the ticks within the band, as the engine admits them', () => {
  expect(pricesText(['0.2', '1.1'], '60001.23', '0.01000000', 2)).toBe('12,000.25 to 66,001.35');
  expect(pricesText(['0.9', '5'], '60000.00', '0.01000000', 2)).toBe('54,000.00 to 300,000.00');
});

test('without a band or a last price there are none', () => {
  expect(pricesText(['', ''], '60000', '0.01', 2)).toBe('');
  expect(pricesText(['0.2', '1.1'], undefined, '0.01', 2)).toBe('');
  expect(pricesText(['0.2', '1.1'], '0.00000000', '0.01', 2)).toBe('');
});
