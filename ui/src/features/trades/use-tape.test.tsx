import { act, renderHook, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeWorld } from '../../shared/testing/fake-partners';
import { useTape } from './use-tape';

const row = (id: number) => ({ id, price: '1', qty: '1', time: id, isBuyerMaker: false });

test('trades of the time without a connection are on the tape after it', async () => {
  const answers: Record<string, unknown> = { 'GET /api/v3/trades': [row(1)] };
  const world = new FakeWorld(answers);
  const { result } = renderHook(() => useTape('BTCUSDT').map(({ id }) => id), {
    wrapper: world.Around,
  });
  await waitFor(() => expect(result.current).toEqual([1]));
  await act(async () => world.become('offline'));
  answers['GET /api/v3/trades'] = [row(1), row(2)];
  await act(async () => {
    world.become('live');
    world.tell('/topic/trades/BTCUSDT', { t: 3, p: '1', q: '1', T: 3, m: false });
  });
  await waitFor(() => expect(result.current).toEqual([3, 2, 1]));
});
