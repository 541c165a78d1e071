import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { REFRESH_EVERY_MS, Refresher } from './use-refresh';

let client: QueryClient;
let asked: number;
let aborted: number;
let leave: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  [asked, aborted] = [0, 0];
  client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
});
afterEach(() => {
  leave();
  vi.useRealTimers();
});

function watch(answerMs: number): Refresher {
  const observer = new QueryObserver(client, {
    queryKey: ['history', 'BTCUSDT'],
    queryFn: ({ signal }) => {
      asked += 1;
      signal.addEventListener('abort', () => {
        aborted += 1;
      });
      return new Promise((resolve) => setTimeout(() => resolve(asked), answerMs));
    },
  });
  leave = observer.subscribe(() => undefined);
  return new Refresher(client, ['history']);
}

test('a hundred events within a second ask twice: for the first and after the last', async () => {
  const refresher = watch(0);
  await vi.advanceTimersByTimeAsync(1);
  for (let event = 0; event < 100; event += 1) {
    refresher.due();
    await vi.advanceTimersByTimeAsync(5);
  }
  expect(asked).toBe(2);
  await vi.advanceTimersByTimeAsync(2 * REFRESH_EVERY_MS);
  expect(asked).toBe(3);
});

test('what is under way is never aborted, and asked for again once it is there', async () => {
  const refresher = watch(3.5 * REFRESH_EVERY_MS);
  await vi.advanceTimersByTimeAsync(1);
  refresher.due();
  await vi.advanceTimersByTimeAsync(3 * REFRESH_EVERY_MS);
  expect(asked).toBe(1);
  await vi.advanceTimersByTimeAsync(2 * REFRESH_EVERY_MS);
  expect([asked, aborted]).toEqual([2, 0]);
});

test('nothing is asked after the page has gone', async () => {
  const refresher = watch(0);
  await vi.advanceTimersByTimeAsync(1);
  refresher.due();
  refresher.stop();
  await vi.advanceTimersByTimeAsync(2 * REFRESH_EVERY_MS);
  expect(asked).toBe(1);
});
