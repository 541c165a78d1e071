import { expect, test } from 'vitest';
import { LiveBook, type Pair } from './live-book';

function book(bids: Pair[], asks: Pair[]): LiveBook {
  const made = new LiveBook({ tick: '0.01', lot: '0.001' });
  made.reset({ lastUpdateId: 10, bids, asks });
  return made;
}

/** Prices in ticks of 0.01, quantities in lots of 0.001. */
const rows = (levels: readonly { ticks: number; lots: number }[]) =>
  levels.map(({ ticks, lots }) => [ticks, lots]);

test('both sides begin with their best price', () => {
  const view = book(
    [
      ['99.00000000', '1.00000000'],
      ['100.00000000', '2.00000000'],
    ],
    [
      ['102.00000000', '3.00000000'],
      ['101.00000000', '4.00000000'],
    ],
  ).view(10);
  expect(rows(view.bids)).toEqual([
    [10_000, 2_000],
    [9_900, 1_000],
  ]);
  expect(rows(view.asks)).toEqual([
    [10_100, 4_000],
    [10_200, 3_000],
  ]);
  expect(view.deepest).toBe(7_000);
});

test('a change sets a level, and zero removes it', () => {
  const made = book([['100.00000000', '2.00000000']], []);
  expect(
    made.apply({
      U: 11,
      u: 12,
      b: [
        ['100.00000000', '0.00000000'],
        ['98.50000000', '5.00000000'],
      ],
      a: [],
    }),
  ).toBe(true);
  expect(rows(made.view(10).bids)).toEqual([[9_850, 5_000]]);
  expect(made.view(10).updateId).toBe(12);
});

test('what the snapshot holds already is passed over, and what overlaps it is taken', () => {
  const made = book([], []);
  expect(made.apply({ U: 8, u: 10, b: [['1.00000000', '1.00000000']], a: [] })).toBe(true);
  expect(made.view(1).bids).toEqual([]);
  expect(made.apply({ U: 9, u: 11, b: [['1.00000000', '1.00000000']], a: [] })).toBe(true);
  expect(made.view(1).bids).toHaveLength(1);
});

test('a gap is told, and the book waits for a snapshot', () => {
  const made = book([], []);
  expect(made.apply({ U: 12, u: 12, b: [], a: [] })).toBe(false);
  expect(made.ready).toBe(false);
  expect(made.apply({ U: 13, u: 13, b: [], a: [] })).toBe(true);
  made.reset({ lastUpdateId: 13, bids: [], asks: [] });
  expect(made.ready).toBe(true);
});

test('groups never show a price that is better than it is', () => {
  const view = book(
    [
      ['100.07000000', '1.00000000'],
      ['100.01000000', '2.00000000'],
      ['99.99000000', '4.00000000'],
    ],
    [
      ['100.11000000', '1.00000000'],
      ['100.20000000', '2.00000000'],
      ['100.21000000', '4.00000000'],
    ],
  ).view(10, 10);
  expect(rows(view.bids)).toEqual([
    [10_000, 3_000],
    [9_990, 4_000],
  ]);
  expect(rows(view.asks)).toEqual([
    [10_020, 3_000],
    [10_030, 4_000],
  ]);
});

test('no more levels than are asked for, the last one whole', () => {
  const view = book(
    [
      ['100.00000000', '1.00000000'],
      ['99.00000000', '2.00000000'],
      ['98.00000000', '4.00000000'],
    ],
    [],
  ).view(2);
  expect(view.bids.map((level) => level.cumulative)).toEqual([1_000, 3_000]);
});

test('sums are exact: a tenth and two tenths are three tenths', () => {
  const view = book(
    [
      ['100.09000000', '0.10000000'],
      ['100.01000000', '0.20000000'],
    ],
    [],
  ).view(10, 10);
  expect(view.bids).toEqual([{ ticks: 10_000, lots: 300, cumulative: 300 }]);
});

test('the best prices are those of the book, however levels are joined', () => {
  const made = book([['100.07000000', '1.00000000']], [['100.11000000', '1.00000000']]);
  expect(made.view(10, 100)).toMatchObject({ bestBid: 10_007, bestAsk: 10_011 });
  expect(made.best()).toEqual({ bid: '100.07', ask: '100.11' });
  expect(book([], []).best()).toEqual({ bid: null, ask: null });
});

test('whoever looks at the same gets the same, until the book changes', () => {
  const made = book([['100.00000000', '1.00000000']], []);
  const view = made.view(10);
  expect(made.view(10)).toBe(view);
  expect(made.view(10, 5)).not.toBe(view);
  made.apply({ U: 11, u: 11, b: [['100.00000000', '3.00000000']], a: [] });
  expect(rows(made.view(10).bids)).toEqual([[10_000, 3_000]]);
  made.apply({ U: 12, u: 12, b: [['101.00000000', '1.00000000']], a: [] });
  expect(rows(made.view(10).bids)).toEqual([
    [10_100, 1_000],
    [10_000, 3_000],
  ]);
});
