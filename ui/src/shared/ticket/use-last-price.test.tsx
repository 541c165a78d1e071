import { act, renderHook, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeWorld } from '../testing/fake-partners';
import { later } from '../testing/later';
import { useLastPrice } from './use-last-price';

const REFERENCE = 'GET /api/v3/referencePrice';
const at = (referencePrice: string) => ({ symbol: 'BTCUSDT', referencePrice, timestamp: 1 });

function lastPrice(answer: unknown) {
  const world = new FakeWorld({ [REFERENCE]: answer });
  const { result } = renderHook(() => useLastPrice('BTCUSDT'), { wrapper: world.Around });
  return { world, result };
}

test('the last price is asked for first, and live from then on', async () => {
  const { world, result } = lastPrice(at('50000.00000000'));
  expect(result.current).toBeNull();
  await waitFor(() => expect(result.current).toBe('50000.00000000'));
  act(() => world.tick('50001.00000000'));
  await waitFor(() => expect(result.current).toBe('50001.00000000'));
  act(() => world.tick('0.00000000'));
  expect(result.current).toBe('50001.00000000');
});

test('a price that comes while one is asked for is newer than the answer', async () => {
  const { world, result } = lastPrice(at('50000.00000000'));
  await waitFor(() => expect(result.current).toBe('50000.00000000'));
  act(() => world.become('offline'));
  const answer = later<unknown>();
  world.answers[REFERENCE] = answer.promise;
  act(() => world.become('live'));
  await waitFor(() => expect(world.waiting()).toBe(1));
  act(() => world.tick('50002.00000000'));
  await waitFor(() => expect(result.current).toBe('50002.00000000'));
  await answer.answer(at('50001.00000000'));
  await waitFor(() => expect(world.waiting()).toBe(0));
  expect(result.current).toBe('50002.00000000');
});

test('what was missed without a connection is asked for', async () => {
  const { world, result } = lastPrice(at('50000.00000000'));
  await waitFor(() => expect(result.current).toBe('50000.00000000'));
  act(() => world.become('offline'));
  world.answers[REFERENCE] = at('50003.00000000');
  act(() => world.become('live'));
  await waitFor(() => expect(result.current).toBe('50003.00000000'));
});
