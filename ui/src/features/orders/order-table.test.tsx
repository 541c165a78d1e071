import { fireEvent, render, screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { MyOrder } from '../../shared/orders/my-orders';
import { BTCUSDT, FakeWorld } from '../../shared/testing/fake-partners';
import { OrderTable } from './order-table';

const ORDER: MyOrder = {
  id: 7,
  clientId: 'c',
  symbol: 'BTCUSDT',
  side: 'SELL',
  type: 'LIMIT',
  timeInForce: 'GTC',
  price: '61234.50000000',
  stopPrice: '0.00000000',
  quantity: '2.00000000',
  filled: '0.50000000',
  filledQuote: '30617.25000000',
  status: 'PARTIALLY_FILLED',
  createdMs: 1_000,
  updatedMs: 2_000,
};
const SAGA = {
  order_id: 7,
  workflow_id: 'order:1:a',
  state: 'FAILED',
  status: 'REJECTED',
  steps: [
    { name: 'registered', at_ms: 100, detail: '' },
    { name: 'funds_reserved', at_ms: 120, detail: '2.00000000 BTC' },
    { name: 'order_rejected', at_ms: 150, detail: 'halted' },
    { name: 'released', at_ms: 160, detail: '2.00000000 BTC' },
  ],
};

function show(orders: readonly MyOrder[]) {
  const onCancel = vi.fn();
  const world = new FakeWorld({ 'GET /v1/orders/7/saga': SAGA });
  const table = { market: BTCUSDT, temporalUi: null, onCancel, caption: 'Open orders' };
  render(<OrderTable {...table} orders={orders} />, { wrapper: world.Around });
  return { onCancel, world };
}

const cells = () =>
  screen.getAllByRole('row').map((row) =>
    within(row)
      .queryAllByRole('cell')
      .slice(1)
      .map((cell) => cell.textContent),
  );

test("figures have the market's decimals; only what is open can be cancelled", () => {
  const { onCancel } = show([ORDER, { ...ORDER, id: 6, price: '0.00000000', status: 'FILLED' }]);
  expect(cells().slice(1)).toEqual([
    ['SELL', 'LIMIT', '61,234.50', '2.00000', '0.50000', '61,234.50', 'PARTIALLY_FILLED', 'Cancel'],
    ['SELL', 'LIMIT', 'market', '2.00000', '0.50000', '61,234.50', 'FILLED', ''],
  ]);
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(onCancel).toHaveBeenCalledExactlyOnceWith(7);
});

test('a row opens to the steps of its saga, with what was undone, and closes again', async () => {
  show([ORDER]);
  const [opener] = screen.getAllByRole('button');
  if (!opener) throw new Error('no row');
  fireEvent.click(opener);
  const story = await screen.findByRole('list', { name: 'Saga of order 7' });
  expect(
    within(story)
      .getAllByRole('listitem')
      .map((step) => [step.className, step.textContent]),
  ).toEqual([
    ['done', '✓ Pending validation+0 ms'],
    ['done', '✓ Funds reserved2.00000000 BTC+20 ms'],
    ['refused', '✗ Refused by matchinghalted+50 ms'],
    ['undone', '↩ Funds released2.00000000 BTC+60 ms'],
  ]);
  fireEvent.click(opener);
  expect(screen.queryByRole('list')).toBeNull();
});

test('a story that cannot be asked for again stays, with the reason', async () => {
  const { world } = show([ORDER]);
  world.answers['GET /v1/orders/7/saga'] = { ...SAGA, state: 'STARTED' };
  fireEvent.click(screen.getByRole('button', { name: /^1970/ }));
  await screen.findByText(/Funds reserved/);
  delete world.answers['GET /v1/orders/7/saga'];
  expect((await screen.findByRole('alert')).textContent).toBe('no GET /v1/orders/7/saga');
  expect(screen.getByText(/Funds reserved/)).toBeTruthy();
});

test('a refused order says why, in words; a stop order what it waits for', () => {
  show([
    { ...ORDER, status: 'CANCELED', reason: 'MARKET_CLOSED', filled: '0', filledQuote: '0' },
    { ...ORDER, id: 6, type: 'STOP_LOSS', price: '0.00000000', stopPrice: '61000.00000000' },
  ]);
  expect(cells().slice(1)).toEqual([
    ['SELL', 'LIMIT', '61,234.50', '2.00000', '0.00000', '', 'CANCELED', 'the market is closed'],
    [
      ...['SELL', 'STOP_LOSS', 'stop 61,000.00 → market', '2.00000', '0.50000', '61,234.50'],
      ...['PARTIALLY_FILLED', 'Cancel'],
    ],
  ]);
});
