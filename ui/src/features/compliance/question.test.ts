import { expect, test } from 'vitest';
import { PAGE, questionOf, requestOf } from './question';

const question = { ...questionOf(0), from: '2026-01-01T00:00', to: '2026-01-02T00:00' };
const DAY_MS = 86_400_000;

test('at first the last day is asked for, of nobody', () => {
  const first = questionOf(Date.now());
  expect(Date.parse(first.to) - Date.parse(first.from)).toBeGreaterThanOrEqual(DAY_MS);
  expect(requestOf(first, 0)).toBeNull();
});

test('a user is asked for by id, a page at a time', () => {
  const request = requestOf({ ...question, kind: 'actions', subject: '7' }, 2);
  expect(request).toMatchObject({
    path: '/v1/audit/actions',
    parameters: { user_id: '7', skip: 2 * PAGE, limit: PAGE },
  });
  const { start = 0, end = 0 } = request?.parameters ?? {};
  expect(end - start).toBe(DAY_MS);
});

test('a user is asked for by name, which is in small letters', () => {
  expect(requestOf({ ...question, subject: 'Alice' }, 0)).toMatchObject({
    path: '/v1/audit/actions',
    parameters: { username: 'alice' },
  });
});

test('a market is asked for by its symbol, however it is typed', () => {
  expect(requestOf({ ...question, kind: 'failures', subject: 'btcusdt' }, 0)).toMatchObject({
    path: '/v1/audit/failures',
    parameters: { symbol: 'BTCUSDT' },
  });
});

test('a time that is none asks nothing', () => {
  expect(requestOf({ ...question, subject: '7', from: '' }, 0)).toBeNull();
});
