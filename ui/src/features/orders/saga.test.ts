import { expect, test } from 'vitest';
import { shownSteps } from './saga';

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
  expect(shownSteps(saga).at(-1)).toMatchObject({ kind: 'waiting', text: 'MATCHING_SUBMITTED …' });
});

test('a step that nobody has words for is shown as it is called', () => {
  const saga = { order_id: 1, state: 'COMPLETED', status: 'OPEN', steps: [step('brand_new', 1)] };
  expect(shownSteps(saga)[0]?.text).toBe('brand new');
});
