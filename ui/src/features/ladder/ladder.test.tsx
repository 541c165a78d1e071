import {
  act,
  fireEvent,
  type RenderResult,
  render,
  screen,
  waitFor,
  within,
} from '@testing-library/react';
import { toast } from 'sonner';
import { beforeEach, expect, test, vi } from 'vitest';
import { BTCUSDT, FakeWorld } from '../../shared/testing/fake-partners';
import { useTicket } from '../../shared/ticket/ticket-store';
import { Ladder } from './ladder';

const PLACED = {
  orderId: 7,
  clientOrderId: 'c',
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  price: '100.00000000',
  origQty: '1.00000000',
  executedQty: '0.00000000',
  cummulativeQuoteQty: '0.00000000',
  status: 'NEW',
  time: 1,
  updateTime: 1,
  transactTime: 1,
};
let world: FakeWorld;
let page: RenderResult;
const refusals = vi.spyOn(toast, 'error');

beforeEach(async () => {
  refusals.mockClear();
  useTicket.setState({ side: 'SELL', price: '', quantity: '1', armed: false, sending: [] });
  world = new FakeWorld({
    'GET /v1/balances': [{ currency: 'USDT', available: '150.00000000', reserved: '0' }],
    'GET /api/v3/referencePrice': { referencePrice: '100.00000000' },
    'GET /api/v3/openOrders': [
      PLACED,
      { ...PLACED, orderId: 8, side: 'SELL', stopPrice: '99.99000000', isWorking: false },
    ],
    'POST /api/v3/order': PLACED,
    'DELETE /api/v3/order': {},
  });
  page = render(<Ladder key="BTCUSDT" market={BTCUSDT} />, { wrapper: world.Around });
  await waitFor(() => expect(world.waiting()).toBe(0));
  act(() => world.showBook({ lastUpdateId: 1, bids: [['100.00', '2']], asks: [['100.01', '3']] }));
  await screen.findByRole('button', { name: /Buy at 100.00$/ });
});

const click = (name: RegExp) => fireEvent.click(screen.getByRole('button', { name }));
const box = () => screen.getByRole<HTMLInputElement>('checkbox');
const placed = () => world.sent('POST /api/v3/order');

test('a click on a price fills the ticket and sends nothing', () => {
  click(/Buy at 100.00$/);
  expect(useTicket.getState()).toMatchObject({ side: 'BUY', price: '100.00' });
  expect(placed()).toEqual([]);
});

test('armed, a click sends one order, a double click too', async () => {
  fireEvent.click(box());
  click(/Buy at 100.00$/);
  click(/Buy at 100.00$/);
  await waitFor(() => expect(useTicket.getState().sending).toEqual([]));
  expect(placed()).toHaveLength(1);
  expect(placed()[0]).toMatchObject({
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'GTC',
    price: '100',
    quantity: '1',
  });
});

test('armed, what the ticket would refuse is refused, and said', () => {
  fireEvent.click(box());
  act(() => useTicket.getState().setQuantity('2'));
  click(/Buy at 100.00$/);
  expect(refusals).toHaveBeenLastCalledWith('Not sent: Not enough USDT: 150.00000000 available.');
  act(() => useTicket.getState().setQuantity(''));
  click(/Buy at 100.00$/);
  expect(refusals).toHaveBeenLastCalledWith('Not sent: Enter a quantity.');
  expect(placed()).toEqual([]);
});

test('armed ends when prices are old, and does not come back with them', () => {
  fireEvent.click(box());
  expect(box().checked).toBe(true);
  act(() => world.become('stale'));
  expect([box().checked, box().disabled]).toEqual([false, true]);
  act(() => world.become('live'));
  expect([box().checked, box().disabled]).toEqual([false, false]);
  click(/Buy at 100.00$/);
  expect(placed()).toEqual([]);
});

test('armed ends with the login', async () => {
  fireEvent.click(box());
  await act(() => world.logOut());
  expect([box().checked, box().disabled]).toEqual([false, true]);
  expect(useTicket.getState().armed).toBe(false);
});

test('armed ends with the market', () => {
  fireEvent.click(box());
  page.rerender(<Ladder key="ETHBTC" market={{ ...BTCUSDT, symbol: 'ETHBTC' }} />);
  expect(box().checked).toBe(false);
  expect(useTicket.getState().armed).toBe(false);
});

test("one's own order stands on its row, and is cancelled there", async () => {
  const row = screen.getByRole('row', { name: /100\.00/ });
  fireEvent.click(within(row).getByRole('button', { name: /Cancel own orders at 100.00$/ }));
  await waitFor(() =>
    expect(world.sent('DELETE /api/v3/order')).toEqual([{ symbol: 'BTCUSDT', orderId: '7' }]),
  );
});

test('a stop order that waits is none of the resting ones, and is cancelled by itself', async () => {
  const stop = screen.getByRole('button', { name: /Cancel own stop orders at 99.99$/ });
  expect(stop.textContent).toBe('stop 1.00000 ✕');
  fireEvent.click(stop);
  await waitFor(() =>
    expect(world.sent('DELETE /api/v3/order')).toEqual([{ symbol: 'BTCUSDT', orderId: '8' }]),
  );
});

test('the trader may choose the step, and have the best prices back in the middle', async () => {
  const middle = () => screen.getAllByRole('row')[21]?.children[1]?.textContent;
  const show = (bid: string, ask: string) =>
    act(() => world.showBook({ lastUpdateId: 2, bids: [[bid, '2']], asks: [[ask, '3']] }));
  expect(middle()).toBe('100.01');
  fireEvent.change(screen.getByLabelText('Ladder step'), { target: { value: '100' } });
  expect(middle()).toBe('100.00');
  await screen.findByRole('button', { name: /^3.00000 Sell at 101.00$/ });
  show('104.00', '105.00');
  await screen.findByRole('button', { name: /^2.00000 Buy at 104.00$/ });
  expect(middle()).toBe('100.00');
  fireEvent.click(screen.getByRole('button', { name: 'Centre the ladder' }));
  expect(middle()).toBe('105.00');
});

test('the best prices stand in the middle of the rows, and there is nothing below the last one', () => {
  const list = screen.getByRole('rowgroup', { name: 'Prices' });
  const rows = 41 * 20;
  expect(list.scrollTop).toBe(rows / 2);
  expect(
    Array.from(list.querySelectorAll<HTMLElement>(':scope > *'), ({ style }) => style.height),
  ).toContain(`${rows}px`);
});

test('a screen reader is told where each row stands in the table', () => {
  const table = screen.getByRole('table', { name: 'Price ladder' });
  expect(table.getAttribute('aria-rowcount')).toBe('42');
  const lines = screen.getAllByRole('row').slice(1);
  expect(lines.map((line) => line.getAttribute('aria-rowindex'))).toEqual(
    lines.map((_, n) => String(n + 2)),
  );
});
