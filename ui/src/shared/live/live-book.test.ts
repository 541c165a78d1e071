import { expect, test } from 'vitest';
import { LiveBook, type Pair } from './live-book';

function book(bids: Pair[], asks: Pair[]): LiveBook {
  const made = new LiveBook(2);
  made.reset({ lastUpdateId: 10, bids, asks });
  return made;
}

const rows = (levels: readonly { price: string; quantity: string }[]) =>
  levels.map(({ price, quantity }) => [price, quantity]);

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
    ['100.00', '2.00000000'],
    ['99.00', '1.00000000'],
  ]);
  expect(rows(view.asks)).toEqual([
    ['101.00', '4.00000000'],
    ['102.00', '3.00000000'],
  ]);
  expect(view.deepest).toBe(7);
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
  expect(rows(made.view(10).bids)).toEqual([['98.50', '5.00000000']]);
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
    ['100.00', '3.00000000'],
    ['99.90', '4.00000000'],
  ]);
  expect(rows(view.asks)).toEqual([
    ['100.20', '3.00000000'],
    ['100.30', '4.00000000'],
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
  expect(view.bids.map((level) => level.cumulative)).toEqual([1, 3]);
});
