import { afterEach, beforeEach, expect, test } from 'vitest';
import { candleText, tickText } from './chart-time';

const MIDNIGHT_S = Date.UTC(2026, 2, 1) / 1_000;
const zone = process.env.TZ;

beforeEach(() => {
  process.env.TZ = 'America/New_York';
});
afterEach(() => {
  process.env.TZ = zone ?? 'UTC';
});

test.each(['1d', '1w'] as const)(
  'a candle of %s has its date in UTC, wherever one sits',
  (interval) => {
    expect(candleText(MIDNIGHT_S, interval)).toBe('2026-03-01');
    expect(tickText(MIDNIGHT_S, 'DayOfMonth', interval)).toBe('1');
    expect(tickText(MIDNIGHT_S, 'Month', interval)).toBe('Mar');
    expect(tickText(Date.UTC(2026, 0, 1) / 1_000, 'Year', interval)).toBe('2026');
  },
);

test("a shorter one has the time of one's own clock", () => {
  expect(candleText(MIDNIGHT_S, '1h')).toBe('2026-02-28 19:00:00');
  expect(tickText(MIDNIGHT_S, 'Time', '1h')).toBe('19:00');
  expect(tickText(MIDNIGHT_S, 'DayOfMonth', '1h')).toBe('28');
});

test('in the hour that comes twice the clock says what it says', () => {
  const first = Date.UTC(2026, 10, 1, 5, 30) / 1_000;
  expect(candleText(first, '1m')).toBe('2026-11-01 01:30:00');
  expect(candleText(first + 3_600, '1m')).toBe('2026-11-01 01:30:00');
});
