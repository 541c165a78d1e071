import { act, renderHook, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { BTCUSDT, FakeWorld } from '../testing/fake-partners';
import { later } from '../testing/later';
import { useFacts } from './use-facts';

const BALANCES = 'GET /v1/balances';
const USDT = { currency: 'USDT', available: '7.00000000', reserved: '0.00000000' };

function funds(balances: Record<string, unknown>) {
  const world = new FakeWorld({ 'GET /api/v3/openOrders': [], ...balances });
  const { result } = renderHook(() => useFacts(BTCUSDT).funds, { wrapper: world.Around });
  return { world, result };
}

test('balances that are on their way are not known; a currency that they lack is none', async () => {
  const balances = later<unknown>();
  const { result } = funds({ [BALANCES]: balances.promise });
  expect(result.current).toBeUndefined();
  await balances.answer([USDT]);
  await waitFor(() => expect(result.current).toEqual({ base: '0.00000000', quote: '7.00000000' }));
});

test('balances that were not to be had are not known either', async () => {
  const { world, result } = funds({});
  await waitFor(() => expect(world.sent(BALANCES)).toHaveLength(1));
  await waitFor(() => expect(world.waiting()).toBe(0));
  expect(result.current).toBeUndefined();
});

test('who has logged out has no funds', async () => {
  const { world, result } = funds({ [BALANCES]: [USDT] });
  await waitFor(() => expect(result.current?.quote).toBe('7.00000000'));
  await act(() => world.logOut());
  expect(result.current).toBeNull();
});
