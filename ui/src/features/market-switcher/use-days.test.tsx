import { act, renderHook, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeWorld } from '../../shared/testing/fake-partners';
import { useDays } from './use-days';

const row = (symbol: string, lastPrice: string) => ({
  symbol,
  lastPrice,
  openPrice: '1',
  highPrice: '1',
  lowPrice: '1',
  volume: '1',
  quoteVolume: '1',
});
const ticker = (s: string, c: string) => ({ s, c, o: '1', h: '1', l: '1', v: '1', q: '1' });

function follow(answers: Record<string, unknown>) {
  const world = new FakeWorld(answers);
  const { result } = renderHook(
    () => [...useDays().values()].map(({ symbol, last }) => `${symbol} ${last}`).sort(),
    { wrapper: world.Around },
  );
  return { world, result };
}

test('figures of the time without a connection are there after it', async () => {
  const answers: Record<string, unknown> = { 'GET /api/v3/ticker/24hr': [row('BTCUSDT', '5')] };
  const { world, result } = follow(answers);
  await waitFor(() => expect(result.current).toEqual(['BTCUSDT 5']));
  await act(async () => world.become('offline'));
  answers['GET /api/v3/ticker/24hr'] = [row('BTCUSDT', '6')];
  await act(async () => world.become('live'));
  await waitFor(() => expect(result.current).toEqual(['BTCUSDT 6']));
});

test('tickers that come while the figures are asked for are not lost', async () => {
  let answer: (rows: object[]) => void = () => undefined;
  const rows = new Promise<object[]>((resolve) => {
    answer = resolve;
  });
  const { world, result } = follow({ 'GET /api/v3/ticker/24hr': rows });
  await waitFor(() => expect(world.sent('GET /api/v3/ticker/24hr').length).toBeGreaterThan(0));
  await act(async () => world.tell('/topic/miniTickers', [ticker('BTCUSDT', '7')]));
  await act(async () => answer([row('BTCUSDT', '5'), row('ETHBTC', '1')]));
  await waitFor(() => expect(result.current).toEqual(['BTCUSDT 7', 'ETHBTC 1']));
});
