/** What comes or goes above the rows that one reads moves nothing under one's eyes. */

import { useLayoutEffect, useRef } from 'react';
import type { Key } from '../api/pages';

export interface Place {
  keys: readonly Key[];
  /** The first row that is seen. */
  first: number;
  /** The row that tells more of itself, if any: the last one that somebody has pointed at. */
  opened: Key | undefined;
  /** How far below the first row of all one begins. */
  topOf: (index: number) => number;
}

/** `holds` is false where one looks at the newest rows: those that come are to be seen. */
export function useHeldPlace(scroller: HTMLElement | null, place: Place, holds: boolean): void {
  const before = useRef(place);
  useLayoutEffect(() => {
    const was = before.current;
    before.current = place;
    if (!holds || !scroller) return;
    if (was.keys !== place.keys || was.opened !== place.opened) {
      scroller.scrollTop += moved(was, place);
    }
  });
}

/**
 * How far down the first row that was seen has moved; if it is gone, the one below it. Where
 * another row has been opened, that one: the row above it that closes may have been all in sight.
 */
export function moved(was: Place, is: Place): number {
  const now = new Map(is.keys.map((key, index) => [key, index]));
  const isOpening = is.opened !== undefined && is.opened !== was.opened;
  const first = isOpening ? was.keys.indexOf(is.opened as Key) : was.first;
  for (let index = Math.max(first, 0); index < was.keys.length; index += 1) {
    const found = now.get(was.keys[index] ?? '');
    if (found !== undefined) return is.topOf(found) - was.topOf(index);
  }
  return 0;
}
