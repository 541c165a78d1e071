import { act, renderHook, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeWorld } from '../testing/fake-partners';
import { useBalancesQuery, useFollowBalances } from './use-balances';

const BTC = { currency: 'BTC', available: '1.00000000', reserved: '0.00000000' };
const POSITION = {
  e: 'outboundAccountPosition',
  E: 1,
  B: [{ a: 'BTC', f: '0.50000000', l: '0.50000000' }],
};

test('positions that come while the balances are asked for are not lost', async () => {
  let answer: (body: unknown) => void = () => undefined;
  const body = new Promise((resolve) => {
    answer = resolve;
  });
  const world = new FakeWorld({ 'GET /v1/balances': body });
  const { result } = renderHook(
    () => {
      useFollowBalances();
      return useBalancesQuery().data;
    },
    { wrapper: world.Around },
  );
  await waitFor(() => expect(world.sent('GET /v1/balances').length).toBeGreaterThan(0));
  await act(async () => world.tell('/user/queue/balances', POSITION));
  await act(async () => answer([BTC]));
  await waitFor(() =>
    expect(result.current).toEqual([
      { currency: 'BTC', available: '0.50000000', reserved: '0.50000000' },
    ]),
  );
});
