/**
 * One clock for all that is drawn from live data: what changes together is drawn together, in a
 * transition, so that what one types comes first. The next drawing begins only once the last one
 * is on the page: on a slow machine there are fewer of them, and none is drawn in vain.
 */

import { startTransition, useEffect, useState } from 'react';

export const COMMIT_EVERY_MS = 50;
/** A drawing that does not come by then is not waited for: it may never come. */
const GIVE_UP_MS = 1_000;

/** True where it has set something that must be drawn. */
type Listener = () => boolean;

const listeners = new Set<Listener>();
let timer: ReturnType<typeof setInterval> | undefined;
/** What the pacer is told with each drawing, and knows once it is on the page. */
let pace: ((drawing: number) => void) | null = null;
let begun = 0;
let drawn = 0;
let begunMs = 0;

/** Calls the listener 20 times a second at the most, until the returned function is called. */
export function onCommit(listener: Listener): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, COMMIT_EVERY_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Stands in the page once, and lets the clock wait for it; without it the clock never waits. */
export function CommitPacer(): null {
  const [drawing, setDrawing] = useState(0);
  useEffect(() => {
    pace = setDrawing;
    begun = 0;
    return () => {
      pace = null;
    };
  }, []);
  useEffect(() => {
    drawn = drawing;
  }, [drawing]);
  return null;
}

function tick(): void {
  if (pace && drawn < begun && performance.now() - begunMs < GIVE_UP_MS) return;
  startTransition(() => {
    let anything = false;
    for (const listener of listeners) anything = listener() || anything;
    if (!anything || !pace) return;
    begun += 1;
    begunMs = performance.now();
    pace(begun);
  });
}
