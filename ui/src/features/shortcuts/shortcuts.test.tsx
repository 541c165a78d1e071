import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { BTCUSDT, FakeWorld } from '../../shared/testing/fake-partners';
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

beforeEach(async () => {
  useTicket.setState({ side: 'BUY', price: '100.00', quantity: '', armed: false });
  world = new FakeWorld({
    'GET /api/v3/openOrders': [row(1), row(2)],
    'DELETE /api/v3/order': {},
    'DELETE /api/v3/openOrders': [{}, {}],
  });
  render(
    <>
      <input aria-label="a field" />
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

test('what is typed in a field is text, and a key with Ctrl is the browser\u2019s', () => {
  fireEvent.keyDown(screen.getByLabelText('a field'), { key: 's' });
  press('s', { ctrlKey: true });
  expect(useTicket.getState().side).toBe('BUY');
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
