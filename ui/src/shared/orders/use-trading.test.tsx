import { renderHook, waitFor } from '@testing-library/react';
import { toast } from 'sonner';
import { beforeEach, expect, test, vi } from 'vitest';
import { BTCUSDT, FakeWorld } from '../testing/fake-partners';
import { later } from '../testing/later';
import { useTicket } from '../ticket/ticket-store';
import { useTrading } from './use-trading';

const ORDER = { side: 'BUY', type: 'MARKET', quantity: '1' } as const;
const PLACED = { executedQty: '0', transactTime: 1, status: 'NEW' };

beforeEach(() => useTicket.setState({ sending: [] }));

function trading(world: FakeWorld, symbol = 'BTCUSDT') {
  const market = { ...BTCUSDT, symbol };
  return renderHook(() => useTrading(market), { wrapper: world.Around }).result.current;
}

test.each([
  ['answered', { 'POST /api/v3/order': PLACED }],
  ['refused', {}],
])('a second press is none, also when the first is %s already', async (_, answers) => {
  const world = new FakeWorld(answers);
  const { place } = trading(world);
  await place(ORDER);
  await place(ORDER);
  expect(world.sent('POST /api/v3/order')).toHaveLength(1);
  await waitFor(() => expect(useTicket.getState().sending).toEqual([]));
  await place(ORDER);
  expect(world.sent('POST /api/v3/order')).toHaveLength(2);
});

test('an order on its way holds up no other one', async () => {
  const world = new FakeWorld({ 'POST /api/v3/order': PLACED });
  const { place } = trading(world);
  await place({ ...ORDER, type: 'LIMIT', price: '1.00' });
  await place({ ...ORDER, type: 'LIMIT', price: '1.01' });
  expect(world.sent('POST /api/v3/order').map(({ price }) => price)).toEqual(['1.00', '1.01']);
});

test('an order on its way holds up no other market', async () => {
  const world = new FakeWorld({ 'POST /api/v3/order': PLACED });
  await trading(world).place(ORDER);
  await trading(world, 'ETHBTC').place(ORDER);
  expect(world.sent('POST /api/v3/order').map(({ symbol }) => symbol)).toEqual([
    'BTCUSDT',
    'ETHBTC',
  ]);
});

test('a cancel that is pressed twice is asked for once, and is no failure', async () => {
  const answer = later<object>();
  const world = new FakeWorld({
    'DELETE /api/v3/order': () => answer.promise,
    'DELETE /api/v3/openOrders': () => answer.promise,
  });
  const { cancel, cancelAll } = trading(world);
  const told = vi.spyOn(toast, 'error');
  const both = [cancel(7), cancel(7), cancelAll(), cancelAll(), cancel(8)];
  await answer.answer([{}]);
  await Promise.all(both);
  const sent = world.sent('DELETE /api/v3/order').map(({ orderId }) => orderId);
  expect(sent).toEqual(['7', '8']);
  expect(world.sent('DELETE /api/v3/openOrders')).toHaveLength(1);
  expect(told).not.toHaveBeenCalled();
  await cancel(7);
  expect(world.sent('DELETE /api/v3/order')).toHaveLength(3);
});
