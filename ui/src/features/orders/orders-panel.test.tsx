import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { INFO } from '../../shared/testing/fake-orders';
import { BTCUSDT, FakeWorld } from '../../shared/testing/fake-partners';
import { OrdersPanel } from './orders-panel';

const REFUSED = { ...INFO, status: 'CANCELLED', refusal: 'MARKET_CLOSED' };
const SAGA = {
  order_id: 7,
  workflow_id: 'order:1:a',
  state: 'FAILED',
  status: 'CANCELLED',
  steps: [{ name: 'order_rejected', at_ms: 5, detail: '' }],
};

function show(answers: Record<string, unknown>) {
  const world = new FakeWorld(answers);
  render(<OrdersPanel market={BTCUSDT} temporalUi={null} />, { wrapper: world.Around });
  return world;
}

const tabs = [
  ['Open orders', 'GET /api/v3/openOrders'],
  ['History', 'GET /v1/orders'],
  ['Fills', 'GET /api/v3/myTrades'],
] as const;

test.each(tabs)(
  '%s say that they load, and that there are none once that is known',
  async (tab, what) => {
    let answer: (rows: unknown[]) => void = () => undefined;
    show({
      [what]: new Promise((resolve) => {
        answer = resolve;
      }),
    });
    fireEvent.click(screen.getByRole('tab', { name: tab }));
    expect(await screen.findByText('Loading…')).toBeTruthy();
    expect(screen.queryByText(`${tab}: none.`)).toBeNull();
    answer([]);
    expect(await screen.findByText(`${tab}: none.`)).toBeTruthy();
  },
);

test.each(tabs)(
  '%s that were not to be had say why, and can be asked for again',
  async (tab, what) => {
    const answers: Record<string, unknown> = {};
    show(answers);
    fireEvent.click(screen.getByRole('tab', { name: tab }));
    expect((await screen.findByRole('alert')).textContent).toContain(`no ${what}`);
    expect(screen.queryByText(`${tab}: none.`)).toBeNull();
    answers[what] = [];
    fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(await screen.findByText(`${tab}: none.`)).toBeTruthy();
  },
);

test('all may be cancelled while nobody knows what is open, and not where nothing is', async () => {
  const answers: Record<string, unknown> = {};
  show(answers);
  const all = () => screen.getByRole('button', { name: 'Cancel all' }) as HTMLButtonElement;
  await screen.findByRole('alert');
  expect(all().disabled).toBe(false);
  answers['GET /api/v3/openOrders'] = [];
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  await screen.findByText('Open orders: none.');
  expect(all().disabled).toBe(true);
});

test('the history has refused orders, with their reason and the steps of their saga', async () => {
  const world = show({ 'GET /v1/orders': [REFUSED], 'GET /v1/orders/7/saga': SAGA });
  fireEvent.click(screen.getByRole('tab', { name: 'History' }));
  expect(await screen.findByText('the market is closed')).toBeTruthy();
  expect(world.sent('GET /v1/orders')).toEqual([{ symbol: 'BTCUSDT', limit: '200' }]);
  const [opener] = document.querySelectorAll('.tell');
  if (!opener) throw new Error('no row');
  fireEvent.click(opener);
  expect(await screen.findByText(/Refused by matching/)).toBeTruthy();
});
