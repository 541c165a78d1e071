import { renderHook, waitFor } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { BTCUSDT, FakeWorld } from '../testing/fake-partners';
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
