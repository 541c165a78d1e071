import { act, renderHook } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { MARKETS_REFRESH_MS } from '../../shared/markets/get-markets';
import { FakeWorld } from '../../shared/testing/fake-partners';
import { useBands } from './get-bands';

const BANDS = 'GET /v1/markets/bands';
const band = (set_by_operator: boolean) => ({ symbol: 'BTCUSDT', set_by_operator });

afterEach(() => {
  vi.useRealTimers();
});

test('a band that somebody else sets shows by itself', async () => {
  vi.useFakeTimers();
  const world = new FakeWorld({ [BANDS]: [band(false)] });
  const { result } = renderHook(useBands, { wrapper: world.Around });
  const isOfOps = () => result.current.get('BTCUSDT')?.set_by_operator;
  await act(() => vi.advanceTimersByTimeAsync(1));
  expect(isOfOps()).toBe(false);
  world.answers[BANDS] = [band(true)];
  await act(() => vi.advanceTimersByTimeAsync(MARKETS_REFRESH_MS + 1));
  expect(isOfOps()).toBe(true);
});
