import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import type { FormEvent } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import { BTCUSDT, FakeWorld } from '../../shared/testing/fake-partners';
import { useLadder } from '../../shared/ticket/ladder-store';
import { useTicket } from '../../shared/ticket/ticket-store';
import { Shortcuts } from './shortcuts';

const row = (orderId: number) => ({
  orderId,
  clientOrderId: `c${orderId}`,
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  price: '1.00000000',
  origQty: '1.00000000',
  executedQty: '0.00000000',
  cummulativeQuoteQty: '0.00000000',
  status: 'NEW',
  time: orderId,
  updateTime: orderId,
});
let world: FakeWorld;
const submitted = vi.fn((event: FormEvent) => event.preventDefault());

beforeEach(async () => {
  submitted.mockClear();
  useTicket.setState({ side: 'BUY', price: '100.00', quantity: '', armed: false });
  world = new FakeWorld({
    'GET /api/v3/openOrders': [row(1), row(2)],
    'DELETE /api/v3/order': {},
    'DELETE /api/v3/openOrders': [{}, {}],
  });
  render(
    <>
      <input aria-label="a field" />
      <input type="radio" aria-label="a choice" />
      <input type="checkbox" aria-label="a box" />
      {/* biome-ignore lint/a11y/useSemanticElements: as the line between two panes is one */}
      <div role="separator" aria-label="a pane line" aria-valuenow={1} tabIndex={0} />
      <form id="ticket" onSubmit={submitted}>
        <button type="submit">Send</button>
      </form>
      <Shortcuts market={BTCUSDT} />
    </>,
    { wrapper: world.Around },
  );
  await waitFor(() => expect(world.waiting()).toBe(0));
});

const press = (key: string, more: object = {}) =>
  act(() => fireEvent.keyDown(document.body, { key, ...more }));

test('keys choose the side and move price and quantity', () => {
  press('s');
  press('ArrowUp');
  press('ArrowRight');
  press('ArrowRight');
  expect(useTicket.getState()).toMatchObject({
    side: 'SELL',
    price: '100.01',
    quantity: '0.00002',
  });
  press('b');
  press('ArrowDown');
  expect(useTicket.getState()).toMatchObject({ side: 'BUY', price: '100.00' });
});

test('a key asks the ladder for the best prices', () => {
  const { centred } = useLadder.getState();
  press('c');
  expect(useLadder.getState().centred).toBe(centred + 1);
});

test('what is typed in a field is text, and a key with Ctrl is the browser\u2019s', () => {
  fireEvent.keyDown(screen.getByLabelText('a field'), { key: 's' });
  press('s', { ctrlKey: true });
  expect(useTicket.getState().side).toBe('BUY');
});

test('a choice or a box is no text, and the arrows on a choice choose', () => {
  fireEvent.keyDown(screen.getByLabelText('a choice'), { key: 's' });
  expect(useTicket.getState().side).toBe('SELL');
  fireEvent.keyDown(screen.getByLabelText('a choice'), { key: 'ArrowUp' });
  expect(useTicket.getState().price).toBe('100.00');
  fireEvent.keyDown(screen.getByLabelText('a box'), { key: 'ArrowUp' });
  expect(useTicket.getState().price).toBe('100.01');
});

test('the arrows on the line between two panes move that line', () => {
  fireEvent.keyDown(screen.getByLabelText('a pane line'), { key: 'ArrowUp' });
  expect(useTicket.getState().price).toBe('100.00');
});

test('a key that a control has used does nothing more', () => {
  const use = (event: Event) => event.preventDefault();
  document.body.addEventListener('keydown', use);
  press('s');
  document.body.removeEventListener('keydown', use);
  expect(useTicket.getState().side).toBe('BUY');
});

test('Enter sends the ticket, and once however long it is held', () => {
  press('Enter');
  press('Enter', { repeat: true });
  expect(submitted).toHaveBeenCalledOnce();
});

test('an Escape that is held cancels one order', async () => {
  press('Escape');
  press('Escape', { repeat: true });
  press('Escape', { repeat: true, shiftKey: true });
  await waitFor(() => expect(world.sent('DELETE /api/v3/order')).toHaveLength(1));
  expect(world.sent('DELETE /api/v3/openOrders')).toEqual([]);
});

test('Escape cancels the newest order, with Shift all of the market', async () => {
  press('Escape');
  await waitFor(() =>
    expect(world.sent('DELETE /api/v3/order')).toEqual([{ symbol: 'BTCUSDT', orderId: '2' }]),
  );
  press('Escape', { shiftKey: true });
  await waitFor(() =>
    expect(world.sent('DELETE /api/v3/openOrders')).toEqual([{ symbol: 'BTCUSDT' }]),
  );
});
