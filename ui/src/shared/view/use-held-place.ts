/** What comes or goes above the rows that one reads moves nothing under one's eyes. */

import { useLayoutEffect, useRef } from 'react';
import type { Key } from '../api/pages';

export interface Place {
  keys: readonly Key[];
  /** The first row that is seen. */
  first: number;
  /** How far below the first row of all one begins. */
  topOf: (index: number) => number;
}

/** `holds` is false where one looks at the newest rows: those that come are to be seen. */
export function useHeldPlace(scroller: HTMLElement | null, place: Place, holds: boolean): void {
  const before = useRef(place);
  useLayoutEffect(() => {
    const was = before.current;
    before.current = place;
    if (holds && scroller && was.keys !== place.keys) scroller.scrollTop += moved(was, place);
  });
}

/** How far down the first row that was seen has moved; if it is gone, the one below it. */
export function moved(was: Place, is: Place): number {
  const now = new Map(is.keys.map((key, index) => [key, index]));
  for (let index = was.first; index < was.keys.length; index += 1) {
    const found = now.get(was.keys[index] ?? '');
    if (found !== undefined) return is.topOf(found) - was.topOf(index);
  }
  return 0;
}
