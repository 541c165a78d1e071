import { act, renderHook, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Model } from '../../shared/api/answer';
import { useFollowMyOrders } from '../../shared/orders/use-my-orders';
import { INFO, REPORT } from '../../shared/testing/fake-orders';
import { FakeWorld } from '../../shared/testing/fake-partners';
import { later } from '../../shared/testing/later';
import { useFills, useOrderHistory } from './get-history';

const HISTORY = 'GET /v1/orders';
const FILLS = 'GET /api/v3/myTrades';

type Asked = Record<string, string>;

/** Orders 1 to `newest`, answered as the gateway does; those in `open` are not over. */
function ordersOf(newest: number, open: ReadonlySet<number> = new Set()) {
  return ({ before_id, limit }: Asked): Model<'OrderInfo'>[] => {
    const first = Math.min(newest, Number(before_id ?? newest + 1) - 1);
    return Array.from({ length: Math.min(first, Number(limit)) }, (_, n) => ({
      ...INFO,
      order_id: first - n,
      status: open.has(first - n) ? 'OPEN' : 'FILLED',
    }));
  };
}

function history(answers: Record<string, unknown>) {
  const world = new FakeWorld({ 'GET /api/v3/openOrders': [], ...answers });
  const { result } = renderHook(
    () => {
      useFollowMyOrders(() => undefined);
      return useOrderHistory('BTCUSDT');
    },
    { wrapper: world.Around },
  );
  const ids = () => result.current.data?.map(({ id }) => id) ?? [];
  return { world, result, ids };
}

const down = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, n) => from - n);

test('the second page is what comes before the oldest order, and the two are one list', async () => {
  const { world, result, ids } = history({ [HISTORY]: ordersOf(250) });
  await waitFor(() => expect(ids()).toEqual(down(250, 51)));
  expect(result.current.older.has).toBe(true);
  act(() => result.current.older.fetch());
  await waitFor(() => expect(ids()).toEqual(down(250, 1)));
  expect(world.sent(HISTORY)).toEqual([
    { symbol: 'BTCUSDT', limit: '200' },
    { symbol: 'BTCUSDT', limit: '200', before_id: '51' },
  ]);
  expect(result.current.older.has).toBe(false);
});

test('a report that comes while older orders are read is not lost, and asks for new ones alone', async () => {
  const answers: Record<string, unknown> = { [HISTORY]: ordersOf(500) };
  const { world, result, ids } = history(answers);
  await waitFor(() => expect(ids()).toEqual(down(500, 301)));
  const older = later<unknown>();
  world.answers[HISTORY] = () => older.promise;
  act(() => result.current.older.fetch());
  await waitFor(() => expect(result.current.older.isFetching).toBe(true));
  await act(async () => world.tell('/user/queue/orders', { ...REPORT, i: 503 }));
  world.answers[HISTORY] = ordersOf(503);
  await older.answer(ordersOf(500)({ before_id: '301', limit: '200' }));
  await waitFor(() => expect(ids()).toEqual(down(503, 101)));
  expect(world.sent(HISTORY).map(({ before_id }) => before_id)).toEqual([
    undefined,
    '301',
    undefined,
  ]);
});

test('an order that was open on an older page is asked for until it has ended', async () => {
  const { world, result, ids } = history({ [HISTORY]: ordersOf(500, new Set([150])) });
  const statusOf = (id: number) => result.current.data?.find((order) => order.id === id)?.status;
  await waitFor(() => expect(ids()).toEqual(down(500, 301)));
  act(() => result.current.older.fetch());
  await waitFor(() => expect(statusOf(150)).toBe('NEW'));
  world.answers[HISTORY] = ordersOf(500);
  await act(async () => world.tell('/user/queue/orders', { ...REPORT, i: 150, X: 'FILLED' }));
  await waitFor(() => expect(statusOf(150)).toBe('FILLED'));
  expect(ids()).toEqual(down(500, 101));
  const before = world.sent(HISTORY).length;
  await act(async () => world.tell('/user/queue/orders', { ...REPORT, i: 500 }));
  await waitFor(() =>
    expect(world.sent(HISTORY).slice(before)).toEqual([{ symbol: 'BTCUSDT', limit: '200' }]),
  );
  await waitFor(() => expect(world.waiting()).toBe(0));
  expect(world.sent(HISTORY)).toHaveLength(before + 1);
});

test('where older orders were not to be had, those that are here stay, and one may ask again', async () => {
  const { world, result, ids } = history({ [HISTORY]: ordersOf(250) });
  await waitFor(() => expect(ids()).toHaveLength(200));
  delete world.answers[HISTORY];
  act(() => result.current.older.fetch());
  await waitFor(() => expect(result.current.older.error?.message).toContain('no GET /v1/orders'));
  expect(result.current.error).toBeNull();
  expect(ids()).toHaveLength(200);
  world.answers[HISTORY] = ordersOf(250);
  act(() => result.current.older.fetch());
  await waitFor(() => expect(ids()).toEqual(down(250, 1)));
  expect(result.current.older.error).toBeNull();
});

const fill = (id: number, time: number, orderId = 1) => ({ id, orderId, time });

test('older fills are those until the millisecond of the oldest one, each once', async () => {
  const newest = Array.from({ length: 200 }, (_, n) => fill(1_000 - n, 1_000 - Math.floor(n / 2)));
  const world = new FakeWorld({
    [FILLS]: ({ endTime }: Asked) =>
      endTime
        ? [fill(801, 901), fill(800, 901, 2), fill(800, 901, 1), fill(799, 900)]
        : [...newest].reverse(),
  });
  const { result } = renderHook(() => useFills('BTCUSDT'), { wrapper: world.Around });
  await waitFor(() => expect(result.current.data?.[0]?.id).toBe(1_000));
  act(() => result.current.older.fetch());
  await waitFor(() => expect(result.current.data).toHaveLength(203));
  expect(world.sent(FILLS)).toEqual([
    { symbol: 'BTCUSDT', limit: '200' },
    { symbol: 'BTCUSDT', limit: '1000', endTime: '901' },
  ]);
  const oldest = result.current.data?.slice(-4).map(({ id, orderId }) => [id, orderId]);
  expect(oldest).toEqual([
    [801, 1],
    [800, 2],
    [800, 1],
    [799, 1],
  ]);
  expect(result.current.older.has).toBe(false);
});
