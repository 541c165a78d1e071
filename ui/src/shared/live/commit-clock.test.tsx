import { act, render } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const COMMIT_EVERY_MS = 50;
let { CommitPacer, commitSoon, lessOften, onCommit }: typeof import('./commit-clock') = {} as never;

beforeEach(async () => {
  vi.resetModules(); // a clock of its own for each test
  ({ CommitPacer, commitSoon, lessOften, onCommit } = await import('./commit-clock'));
  vi.useFakeTimers();
  vi.advanceTimersByTime(1_000);
});
afterEach(() => {
  vi.useRealTimers();
});

test('who listens is called with what has come, and not before', () => {
  const heard: string[] = [];
  const leaveFirst = onCommit(() => heard.push('first') > 0);
  onCommit(() => heard.push('second') > 0);
  vi.advanceTimersByTime(1);
  expect(heard).toEqual(['first', 'second']);
  vi.advanceTimersByTime(10_000);
  expect(heard).toHaveLength(2);
  leaveFirst();
  commitSoon();
  vi.advanceTimersByTime(1);
  expect(heard).toEqual(['first', 'second', 'second']);
});

test('there are no more than 20 drawings a second, and what can wait goes with what cannot', () => {
  const drawn = vi.fn(() => true);
  onCommit(drawn);
  vi.advanceTimersByTime(1);
  commitSoon(100);
  commitSoon();
  vi.advanceTimersByTime(COMMIT_EVERY_MS - 5);
  expect(drawn).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(5);
  expect(drawn).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1_000);
  expect(drawn).toHaveBeenCalledTimes(2);
  commitSoon(100);
  vi.advanceTimersByTime(99);
  expect(drawn).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(2);
  expect(drawn).toHaveBeenCalledTimes(3);
});

test('the next drawing waits for the last one, though not for ever', () => {
  render(<CommitPacer />);
  const called = vi.fn(() => true);
  onCommit(called);
  // Within one act React draws only at its end.
  act(() => {
    vi.advanceTimersByTime(1);
    commitSoon();
    vi.advanceTimersByTime(900);
    expect(called).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(200);
    expect(called).toHaveBeenCalledTimes(2);
  });
});

/** The first drawing, which takes 320 ms: the next may begin after 480. */
function drawnSlowly(called: () => boolean) {
  render(<CommitPacer />);
  onCommit(called);
  act(() => {
    vi.advanceTimersByTime(1);
    vi.advanceTimersByTime(300);
  });
  act(() => void vi.advanceTimersByTime(20)); // a frame later it is seen
}

test('a third of the time is left to what is not drawing, and a drawing begins with what has just come', () => {
  const called = vi.fn(() => true);
  drawnSlowly(called);
  commitSoon();
  act(() => void vi.advanceTimersByTime(140));
  commitSoon();
  act(() => void vi.advanceTimersByTime(25));
  expect(called).toHaveBeenCalledTimes(1);
  commitSoon();
  act(() => void vi.advanceTimersByTime(1));
  expect(called).toHaveBeenCalledTimes(2);
});

test('where nothing newer comes, what has come is drawn', () => {
  const called = vi.fn(() => true);
  drawnSlowly(called);
  commitSoon();
  act(() => void vi.advanceTimersByTime(230));
  expect(called).toHaveBeenCalledTimes(1);
  act(() => void vi.advanceTimersByTime(40));
  expect(called).toHaveBeenCalledTimes(2);
});

test('on a slow page prices are drawn more often than what has time', () => {
  expect(lessOften(200)).toBe(200);
  drawnSlowly(() => true);
  expect(lessOften(200)).toBeGreaterThan(2_000);
  expect(lessOften(0)).toBe(0);
});

test('where nothing has changed nothing is waited for', () => {
  render(<CommitPacer />);
  const called = vi.fn(() => false);
  onCommit(called);
  act(() => void vi.advanceTimersByTime(1));
  commitSoon();
  act(() => void vi.advanceTimersByTime(COMMIT_EVERY_MS));
  expect(called).toHaveBeenCalledTimes(2);
});
