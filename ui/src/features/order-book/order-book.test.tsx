import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { BTCUSDT, FakeWorld } from '../../shared/testing/fake-partners';
import { useTicket } from '../../shared/ticket/ticket-store';
import { OrderBook } from './order-book';

const BOOK = {
  lastUpdateId: 1,
  bids: [
    ['100.07', '0.1'],
    ['100.02', '0.2'],
  ],
  asks: [['100.11', '0.3']],
} as const;

let world: FakeWorld;

beforeEach(async () => {
  useTicket.setState({ side: 'SELL', price: '' });
  world = new FakeWorld();
  render(<OrderBook market={BTCUSDT} />, { wrapper: world.Around });
  act(() => world.showBook(BOOK));
  await screen.findByText('spread 0.04');
});

const rows = () =>
  screen
    .getAllByRole('listitem')
    .map((row) => [...row.querySelectorAll('span')].map((cell) => cell.textContent));

test('prices, quantities and totals, with the decimals of the market', () => {
  expect(rows()).toEqual([
    ['100.11', '0.30000', '0.30000'],
    ['100.07', '0.10000', '0.10000'],
    ['100.02', '0.20000', '0.30000'],
  ]);
});

test('the best ask is the last of its rows, next to the spread', () => {
  const ask = screen.getByText('100.11').closest('[role=listitem]');
  expect([ask?.getAttribute('aria-posinset'), ask?.getAttribute('aria-setsize')]).toEqual([
    '20',
    '20',
  ]);
});

test('a level that stays is told of the rows that come', async () => {
  const bestOf = () =>
    within(screen.getByRole('list', { name: 'Bids' })).getAllByRole('listitem')[0];
  expect(bestOf()?.getAttribute('aria-setsize')).toBe('20');
  const more = Array.from({ length: 19 }, (_, n) => [`99.${10 + n}`, '0.00001'] as const);
  act(() => world.showBook({ ...BOOK, lastUpdateId: 2, bids: [...BOOK.bids, ...more] }));
  await waitFor(() => expect(bestOf()?.getAttribute('aria-setsize')).toBe('40'));
});

test('joined rows are summed exactly, and the spread stays that of the best prices', async () => {
  fireEvent.change(screen.getByLabelText('Group prices by'), { target: { value: '10' } });
  await waitFor(() =>
    expect(rows()).toEqual([
      ['100.20', '0.30000', '0.30000'],
      ['100.00', '0.30000', '0.30000'],
    ]),
  );
  expect(screen.getByText('spread 0.04')).toBeTruthy();
  expect(screen.getByText('100.07')).toBeTruthy();
});

test('a click fills the ticket, and leaves the focus where it was', () => {
  const ask = screen.getByText('100.11');
  expect(fireEvent.mouseDown(ask)).toBe(false);
  fireEvent.click(ask);
  expect(useTicket.getState()).toMatchObject({ side: 'BUY', price: '100.11' });
});

test('a bar is as long as the total is of the deepest', () => {
  // 0.3, 0.1 and 0.3 of 0.3, in fortieths.
  expect(screen.getAllByRole('listitem').map(({ style }) => style.backgroundSize)).toEqual([
    '100% 18px',
    '32.5% 18px',
    '100% 18px',
  ]);
});
