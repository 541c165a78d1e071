import { expect, test } from 'vitest';
import { LiveBook, type Pair } from '../../shared/live/live-book';
import { type LadderScale, NEAR_LEVELS, scaleFor, type Wish } from './ladder-scale';

const HALF = 20;
const WISH: Wish = { step: null, centred: 0, armed: false };

function scaleAt(
  bids: number[],
  asks: number[],
  last: LadderScale | null = null,
  wish: Partial<Wish> = {},
) {
  const book = new LiveBook({ tick: '1', lot: '1' });
  const pairs = (prices: number[]) => prices.map((price): Pair => [String(price), '1']);
  book.reset({ lastUpdateId: 1, bids: pairs(bids), asks: pairs(asks) });
  return scaleFor(book.view(NEAR_LEVELS), HALF, last, { ...WISH, ...wish });
}
/** Five prices, from the best one on, so far apart. */
const five = (best: number, apart: number) => [0, 1, 2, 3, 4].map((n) => best + n * apart);

test('the spread takes about three rows', () => {
  expect(scaleAt([59_985_00], [60_012_00])).toMatchObject({ middle: 6_000_000, step: 1_000 });
  expect(scaleAt([100], [101])).toMatchObject({ step: 1 });
});

test('the levels next to the spread are in sight, of the fuller side at least', () => {
  expect(scaleAt(five(60_000, -500), five(60_001, 700))?.step).toBe(500);
  expect(scaleAt(five(60_000, -10_000), five(60_001, 3))?.step).toBe(5);
});

test('rows stay until a best price leaves them', () => {
  const first = scaleAt([59_985_00], [60_012_00]);
  expect(scaleAt([60_070_00], [60_095_00], first)).toBe(first);
  expect(scaleAt([60_110_00], [60_130_00], first)).toMatchObject({ middle: 6_012_000 });
});

test('a step that has become unreadable is chosen anew, but not under a hand that is armed', () => {
  const first = scaleAt([59_985_00], [60_012_00]);
  expect(scaleAt([59_999_00], [60_003_00], first)).toBe(first);
  expect(scaleAt([59_999_00], [60_000_00], first)?.step).toBe(50);
  expect(scaleAt([59_999_00], [60_000_00], first, { armed: true })).toBe(first);
});

test("the trader's step holds, and that the best prices be in the middle", () => {
  const first = scaleAt([100], [101]);
  const chosen = scaleAt([100], [101], first, { step: 10 });
  expect(chosen).toMatchObject({ step: 10, middle: 100 });
  expect(scaleAt([130], [131], chosen, { step: 10 })).toBe(chosen);
  expect(scaleAt([130], [131], chosen, { step: 10, centred: 1 })?.middle).toBe(130);
  expect(scaleAt([100], [101], chosen)?.step).toBe(1);
});

test('without a price there is no ladder; with one order alone its step is a tick', () => {
  expect(scaleAt([], [])).toBeNull();
  expect(scaleAt([70], [])).toMatchObject({ middle: 70, step: 1 });
});
