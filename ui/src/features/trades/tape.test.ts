import { expect, test } from 'vitest';
import { fromEvent, TAPE_LENGTH, type TapeTrade, withTrades } from './tape';

const trade = (id: number): TapeTrade => ({
  id,
  price: '1',
  quantity: '1',
  atMs: id,
  buyerTook: true,
});

test('the newest is first, and what comes twice is there once', () => {
  const tape = withTrades([trade(2), trade(1)], [trade(3), trade(2)]);
  expect(tape.map(({ id }) => id)).toEqual([3, 2, 1]);
});

test('the tape has an end', () => {
  const tape = withTrades(
    [],
    Array.from({ length: TAPE_LENGTH + 5 }, (_, n) => trade(n)),
  );
  expect(tape).toHaveLength(TAPE_LENGTH);
  expect(tape[0]?.id).toBe(TAPE_LENGTH + 4);
});

test('a buyer who is the maker was taken from', () => {
  expect(fromEvent({ t: 1, p: '2', q: '3', T: 4, m: true }).buyerTook).toBe(false);
});
