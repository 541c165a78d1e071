/** Which rows of a long table are drawn, and how much space stands for those that are not. */

import { useCallback, useState } from 'react';
import { useVirtualizer } from 'react-window';
import type { Key } from '../api/pages';
import { usePanelBody } from './panel';
import { useHeight } from './use-height';
import { useHeldPlace } from './use-held-place';

/** Heights before they are measured. */
const ROW_PX = 26;
const MORE_PX = 60;
const PANEL_PX = 600;
const OVERSCAN = 10;
/** So few rows before the last it is time to ask for more. */
const NEAR_THE_END = 20;

interface Line {
  /** Where it stands among all lines, from 0. */
  at: number;
  /** The row that it shows, or tells more of. */
  row: number;
  isMore: boolean;
}

/** `openedAt` is the row below which there is a line more; -1 where there is none. */
export function useDrawnRows(keys: readonly Key[], openedAt: number) {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [rowPx, measureRow] = useHeight(ROW_PX);
  const [morePx, measureMore] = useHeight(MORE_PX);
  const scroller = usePanelBody();
  const isOpen = openedAt >= 0;
  const moreAt = isOpen ? openedAt + 1 : Number.POSITIVE_INFINITY;
  const sizeOf = useCallback(
    (line: number) => (line === moreAt ? morePx : rowPx),
    [moreAt, morePx, rowPx],
  );
  const count = keys.length + (isOpen ? 1 : 0);
  const { items, visibleRange } = useVirtualizer({
    count,
    element,
    scrollElement: scroller,
    itemSize: isOpen ? sizeOf : rowPx,
    defaultSize: PANEL_PX,
    overscanCount: OVERSCAN,
  });
  const lineOf = (at: number): Line => ({
    at,
    row: at < moreAt ? at : at - 1,
    isMore: at === moreAt,
  });
  const topOf = (row: number) => row * rowPx + (row >= moreAt ? morePx : 0);
  const { startIndex, stopIndex } = visibleRange;
  // At the top one sees what comes, unless one reads what a row tells.
  useHeldPlace(scroller, { keys, first: lineOf(startIndex).row, topOf }, startIndex > 0 || isOpen);
  const last = items.at(-1);
  return {
    lines: items.map(({ index }) => lineOf(index)),
    count,
    abovePx: items[0]?.offset ?? 0,
    belowPx: last ? topOf(keys.length) - last.offset - last.size : 0,
    isNearTheEnd: stopIndex >= count - NEAR_THE_END,
    setElement,
    measureRow,
    measureMore,
  };
}
