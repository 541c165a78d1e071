import { act, render } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { COMMIT_EVERY_MS, CommitPacer, onCommit } from './commit-clock';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const listener = (heard: string[], name: string) => () => heard.push(name) > 0;

test('all listeners are called in the same turn, and nothing runs once they have left', () => {
  const heard: string[] = [];
  const leaveFirst = onCommit(listener(heard, 'first'));
  vi.advanceTimersByTime(COMMIT_EVERY_MS / 2);
  const leaveSecond = onCommit(listener(heard, 'second'));
  vi.advanceTimersByTime(COMMIT_EVERY_MS / 2);
  expect(heard).toEqual(['first', 'second']);
  leaveFirst();
  vi.advanceTimersByTime(COMMIT_EVERY_MS);
  expect(heard).toEqual(['first', 'second', 'second']);
  leaveSecond();
  expect(vi.getTimerCount()).toBe(0);
});

test('the next drawing waits for the last one, though not for ever', () => {
  render(<CommitPacer />);
  const heard: string[] = [];
  const leave = onCommit(listener(heard, 'drawn'));
  act(() => void vi.advanceTimersByTime(COMMIT_EVERY_MS));
  expect(heard).toHaveLength(1);
  // Within one act React draws only at its end.
  act(() => {
    vi.advanceTimersByTime(4 * COMMIT_EVERY_MS);
    expect(heard).toHaveLength(2);
    vi.advanceTimersByTime(1_000);
    expect(heard).toHaveLength(3);
  });
  act(() => void vi.advanceTimersByTime(COMMIT_EVERY_MS));
  expect(heard).toHaveLength(4);
  leave();
});

test('where nothing has changed nothing is waited for', () => {
  render(<CommitPacer />);
  const called = vi.fn(() => false);
  const leave = onCommit(called);
  act(() => void vi.advanceTimersByTime(4 * COMMIT_EVERY_MS));
  expect(called).toHaveBeenCalledTimes(4);
  leave();
});
