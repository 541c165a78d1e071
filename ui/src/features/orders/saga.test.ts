import { expect, test } from 'vitest';
import { ApiError, noAnswer } from '../../shared/api/api-error';
import { askAgainMs, shownSteps } from './saga';

const step = (name: string, at_ms: number, detail = '') => ({ name, at_ms, detail });

test('a filled order tells its steps with their times', () => {
  const saga = {
    order_id: 1,
    state: 'COMPLETED',
    status: 'FILLED',
    steps: [
      step('registered', 100),
      step('funds_reserved', 120, '5.00000000 USDT'),
      step('order_filled', 130),
    ],
  };
  expect(shownSteps(saga).map(({ text, afterMs, kind }) => [text, afterMs, kind])).toEqual([
    ['Pending validation', 0, 'done'],
    ['Funds reserved', 20, 'done'],
    ['Filled', 30, 'done'],
  ]);
});

test('what was refused is undone, and both are marked', () => {
  const saga = {
    order_id: 1,
    state: 'COMPLETED',
    status: 'CANCELLED',
    steps: [step('order_rejected', 1, 'MARKET_CLOSED'), step('released', 2, '5.00000000')],
  };
  expect(shownSteps(saga).map(({ kind }) => kind)).toEqual(['refused', 'undone']);
});

test('a saga that goes on says what it waits in', () => {
  const saga = {
    order_id: 1,
    state: 'MATCHING_SUBMITTED',
    status: 'OPEN',
    steps: [step('order_open', 1)],
  };
  expect(shownSteps(saga).at(-1)).toMatchObject({
    kind: 'waiting',
    text: 'Open, waiting for fills or its end',
  });
});

test('constants in details are said in words', () => {
  const saga = {
    order_id: 1,
    state: 'FAILED',
    status: 'CANCELLED',
    steps: [step('order_rejected', 1, 'MARKET_CLOSED'), step('finalized', 2, 'CANCELLED')],
  };
  expect(shownSteps(saga).map(({ detail }) => detail)).toEqual([
    'the market is closed',
    'cancelled',
  ]);
});

test.each([
  [undefined, 2_000],
  ['STARTED', 2_000],
  ['MATCHING_SUBMITTED', 2_000],
  ['COMPENSATING', 2_000],
  ['INCIDENT', 30_000],
  ['COMPLETED', false],
  ['FAILED', false],
])('a saga that is %s is asked for again after %s', (state, ms) => {
  expect(askAgainMs(state, null)).toBe(ms);
});

test('a saga that is no longer kept is not asked for again, one that is out of reach is', () => {
  expect(askAgainMs(undefined, new ApiError(404, -9005, 'gone'))).toBe(false);
  expect(askAgainMs(undefined, noAnswer())).toBe(2_000);
});
