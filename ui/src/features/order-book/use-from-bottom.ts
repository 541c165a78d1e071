/**
 * For a list that begins at its bottom. What one sees of it stays where it is when rows come or go
 * above, and when the list becomes higher or lower.
 */

import { type UIEvent, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { ListImperativeAPI } from 'react-window';

/** What to give the list; it has `rows` rows, more than it needs where it is higher than they are. */
export function useFromBottom(needed: number, rowPx: number) {
  const listRef = useRef<ListImperativeAPI>(null);
  const [heightPx, setHeightPx] = useState(0);
  const belowPx = useRef(0);
  const rows = Math.max(needed, Math.ceil(heightPx / rowPx));
  useLayoutEffect(() => {
    const list = listRef.current?.element;
    if (list) list.scrollTop = rows * rowPx - heightPx - belowPx.current;
  }, [rows, rowPx, heightPx]);
  const onResize = useCallback(({ height }: { height: number }) => setHeightPx(height), []);
  const onScroll = useCallback(({ currentTarget }: UIEvent<HTMLElement>) => {
    const { scrollHeight, scrollTop, clientHeight } = currentTarget;
    belowPx.current = scrollHeight - scrollTop - clientHeight;
  }, []);
  return { rows, listRef, onResize, onScroll };
}
