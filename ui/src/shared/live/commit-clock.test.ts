import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { COMMIT_EVERY_MS, onCommit } from './commit-clock';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('all listeners are called in the same turn, and nothing runs once they have left', () => {
  const heard: string[] = [];
  const leaveFirst = onCommit(() => heard.push('first'));
  vi.advanceTimersByTime(COMMIT_EVERY_MS / 2);
  const leaveSecond = onCommit(() => heard.push('second'));
  vi.advanceTimersByTime(COMMIT_EVERY_MS / 2);
  expect(heard).toEqual(['first', 'second']);
  leaveFirst();
  vi.advanceTimersByTime(COMMIT_EVERY_MS);
  expect(heard).toEqual(['first', 'second', 'second']);
  leaveSecond();
  expect(vi.getTimerCount()).toBe(0);
});
