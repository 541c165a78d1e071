import { act, renderHook } from '@testing-library/react';
import type { UIEvent } from 'react';
import { expect, test } from 'vitest';
import { useFromBottom } from './use-from-bottom';

const ROW_PX = 20;

/** A list of so many rows, as high as it is made; happy-dom lays out nothing. */
function showList(needed: number) {
  const box = { scrollTop: 0, scrollHeight: 0, clientHeight: 0 };
  const { result, rerender } = renderHook(
    (rows: number) => {
      const shown = useFromBottom(rows, ROW_PX);
      shown.listRef.current ??= { element: box } as never;
      box.scrollHeight = shown.rows * ROW_PX;
      return shown;
    },
    { initialProps: needed },
  );
  return {
    box,
    rows: () => result.current.rows,
    become: (rows: number) => rerender(rows),
    resize: (height: number) => {
      box.clientHeight = height;
      act(() => result.current.onResize({ height }));
    },
    scrollTo: (top: number) => {
      box.scrollTop = top;
      const scrolled: unknown = { currentTarget: box };
      result.current.onScroll(scrolled as UIEvent<HTMLElement>);
    },
  };
}

test('the last row stands at the bottom, when rows come and when the list becomes higher too', () => {
  const list = showList(40);
  list.resize(100);
  expect(list.box.scrollTop).toBe(40 * ROW_PX - 100);
  list.become(60);
  expect(list.box.scrollTop).toBe(60 * ROW_PX - 100);
  list.resize(300);
  expect(list.box.scrollTop).toBe(60 * ROW_PX - 300);
});

test('who has scrolled up goes on seeing the same rows', () => {
  const list = showList(40);
  list.resize(100);
  list.scrollTo(500);
  list.become(60);
  expect(list.box.scrollTop).toBe(500 + 20 * ROW_PX);
  list.resize(140);
  expect(list.box.scrollTop).toBe(500 + 20 * ROW_PX - 40);
});

test('a list that is higher than its rows has empty ones above', () => {
  const list = showList(20);
  list.resize(590);
  expect(list.rows()).toBe(30);
  expect(list.box.scrollTop).toBe(30 * ROW_PX - 590);
});
