import { act, render, screen, waitFor } from '@testing-library/react';
import { createChart } from 'lightweight-charts';
import { expect, test, vi } from 'vitest';
import { BTCUSDT, FakeWorld } from '../../shared/testing/fake-partners';
import { CandleChart } from './candle-chart';

const series = {
  setData: vi.fn(),
  update: vi.fn(),
  priceScale: () => ({ applyOptions: () => undefined }),
};

vi.mock('lightweight-charts', async (load) => ({
  ...(await load<object>()),
  createChart: vi.fn(() => ({ addSeries: () => series, remove: () => undefined })),
}));

const KLINES = [[60_000, '1', '3', '1', '2', '10']];

test('a halt leaves the chart and its candles as they are; another tick draws anew', async () => {
  const world = new FakeWorld({ 'GET /api/v3/klines': KLINES });
  const { rerender } = render(<CandleChart market={BTCUSDT} />, { wrapper: world.Around });
  expect(await screen.findByText(/close 2/)).toBeTruthy();
  const candles = [{ time: 60, open: 1, high: 3, low: 1, close: 2 }];
  expect(series.setData.mock.calls).toContainEqual([candles]);
  rerender(<CandleChart market={{ ...BTCUSDT, status: 'HALT' }} />);
  expect(createChart).toHaveBeenCalledTimes(1);
  rerender(<CandleChart market={{ ...BTCUSDT, tick: '0.10000000', priceDecimals: 1 }} />);
  expect(createChart).toHaveBeenCalledTimes(2);
});

test('the candles of the time without a connection are asked for after it', async () => {
  const world = new FakeWorld({ 'GET /api/v3/klines': KLINES });
  render(<CandleChart market={BTCUSDT} />, { wrapper: world.Around });
  await waitFor(() => expect(world.waiting()).toBe(0));
  const before = world.sent('GET /api/v3/klines').length;
  await act(async () => world.become('offline'));
  await act(async () => world.become('live'));
  await waitFor(() => expect(world.sent('GET /api/v3/klines')).toHaveLength(before + 1));
});
