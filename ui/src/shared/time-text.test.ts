import { describe, expect, it } from 'vitest';
import { ageText, clockText, dateClockText, durationText } from './time-text';

describe('durationText', () => {
  it.each([
    [-5_000, '0 s'],
    [0, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min 00 s'],
    [185_000, '3 min 05 s'],
    [3_600_000, '1 h 00 min'],
    [7_620_000, '2 h 07 min'],
    [86_400_000, '1 d 00 h'],
    [349_200_000, '4 d 01 h'],
  ])('says %d ms as %s', (ms, words) => {
    expect(durationText(ms)).toBe(words);
  });
});

describe('ageText', () => {
  it('calls less than a second, and the future, just now', () => {
    expect(ageText(1_000, 1_999)).toBe('just now');
    expect(ageText(5_000, 1_000)).toBe('just now');
  });

  it('counts from a second on', () => {
    expect(ageText(1_000, 2_000)).toBe('1 s ago');
  });
});

describe('clockText', () => {
  it('pads hours, minutes and seconds', () => {
    expect(clockText(new Date(2026, 0, 2, 9, 5, 7).getTime())).toBe('09:05:07');
  });
});

describe('dateClockText', () => {
  it('pads months and days too', () => {
    expect(dateClockText(new Date(2026, 0, 2, 9, 5, 7).getTime())).toBe('2026-01-02 09:05:07');
  });
});
