import { expect, test } from 'vitest';
import { multipliersText, pricesText } from './bands';

test('multipliers lose the zeros that say nothing', () => {
  expect(multipliersText(['0.20000000', '1.10000000'])).toBe('× 0.2 to × 1.1');
  expect(multipliersText(['', ''])).toBe('–');
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
