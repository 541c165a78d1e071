import { act, renderHook, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { REPORT, ROW } from '../testing/fake-orders';
import { FakeWorld } from '../testing/fake-partners';
import { later } from '../testing/later';
import type { ExecutionReport } from './my-orders';
import { useFollowMyOrders, useMyOrders } from './use-my-orders';

const report = (i: number, T: number, X: ExecutionReport['X'], z = '0.00000000') =>
  ({ ...REPORT, x: 'TRADE', X, i, z, T }) satisfies ExecutionReport;

function follow(answers: Record<string, unknown>) {
  const world = new FakeWorld(answers);
  const onReport = vi.fn();
  const { result } = renderHook(
    () => {
      useFollowMyOrders(onReport);
      return useMyOrders('BTCUSDT').map(({ id, filled }) => [id, filled]);
    },
    { wrapper: world.Around },
  );
  const tell = (told: ExecutionReport) => act(async () => world.tell('/user/queue/orders', told));
  return { result, tell, onReport, world };
}

test('reports that come while the orders are asked for are not lost', async () => {
  const rows = later<object[]>();
  const { result, tell, world } = follow({ 'GET /api/v3/openOrders': rows.promise });
  await waitFor(() => expect(world.sent('GET /api/v3/openOrders').length).toBeGreaterThan(0));
  await tell(report(7, 6, 'PARTIALLY_FILLED', '0.50000000'));
  await tell(report(9, 6, 'NEW'));
  await tell(report(8, 7, 'FILLED', '2.00000000'));
  await rows.answer([ROW, { ...ROW, orderId: 8 }]);
  await waitFor(() =>
    expect(result.current).toEqual([
      [9, '0.00000000'],
      [7, '0.50000000'],
    ]),
  );
});

test('a report that is older than the answer changes nothing', async () => {
  const rows = later<object[]>();
  const { result, tell, world } = follow({ 'GET /api/v3/openOrders': rows.promise });
  await waitFor(() => expect(world.sent('GET /api/v3/openOrders').length).toBeGreaterThan(0));
  await tell(report(7, 6, 'NEW'));
  await rows.answer([{ ...ROW, executedQty: '1.50000000', updateTime: 8 }]);
  await waitFor(() => expect(result.current).toEqual([[7, '1.50000000']]));
});

test('an answer that is asked for anew after a drop does not undo a report', async () => {
  const answers: Record<string, unknown> = { 'GET /api/v3/openOrders': [ROW] };
  const { result, tell, world, onReport } = follow(answers);
  await waitFor(() => expect(result.current).toEqual([[7, '0.00000000']]));
  const rows = later<object[]>();
  answers['GET /api/v3/openOrders'] = rows.promise;
  const before = world.sent('GET /api/v3/openOrders').length;
  await act(async () => world.become('offline'));
  await act(async () => world.become('live'));
  await waitFor(() => expect(world.sent('GET /api/v3/openOrders').length).toBe(before + 1));
  await tell(report(7, 6, 'PARTIALLY_FILLED', '0.50000000'));
  expect(onReport).toHaveBeenCalledOnce();
  await rows.answer([ROW]);
  await waitFor(() => expect(world.waiting()).toBe(0));
  expect(result.current).toEqual([[7, '0.50000000']]);
});
