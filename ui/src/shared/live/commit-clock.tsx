/**
 * One clock for all that is drawn from live data: what changes together is drawn together, in a
 * transition, so that what one types comes first. It ticks when something has come that asks for
 * it, and the next drawing begins only once the last one is on the page: on a slow machine there
 * are fewer of them, and none is drawn in vain.
 */

import { startTransition, useEffect, useLayoutEffect, useState } from 'react';

/** 20 drawings a second at the most. */
export const COMMIT_EVERY_MS = 50;
/**
 * A transition gives way to all else that there is to do, and begins anew with each key. Where the
 * last drawing took longer than this, the next is made in one go: it would come too late.
 */
const SLOW_MS = 60;
/** How much one drawing moves what drawings are taken to take. */
const SMOOTHING = 0.3;
/** On a slow page, what need not be drawn as often is drawn with one drawing in so many. */
const LESS_OFTEN = 4;
/** A moving book comes every 100 ms; later than this after the last one it is not waited for. */
const NEXT_BOOK_MS = 110;
/** From the beginning of one drawing to that of the next, in the time that one takes. */
const PAUSES = 1.5;
/** A drawing that is not there by then is not waited for: it may never come. */
const GIVE_UP_MS = 1_000;

/** True where it has set something that must be drawn. */
type Listener = () => boolean;

const listeners = new Set<Listener>();
let timer: ReturnType<typeof setTimeout> | undefined;
let dueMs = Number.POSITIVE_INFINITY;
let begunMs = 0;
let pauseMs = COMMIT_EVERY_MS;
/** What a drawing has taken of late. */
let takesMs = 0;
let isSlow = false;
/** The drawing that is under way, 0 for none; the pacer is told, and knows when it is there. */
let underWay = 0;
let count = 0;
let pace: ((drawing: number) => void) | null = null;

/** Calls the listener with each tick until the returned function is called. */
export function onCommit(listener: Listener): () => void {
  listeners.add(listener);
  commitSoon();
  return () => {
    listeners.delete(listener);
  };
}

/** Something has come: the next tick is as soon as may be, or within so long. */
export function commitSoon(withinMs = 0): void {
  const nowMs = performance.now();
  const earliestMs = begunMs + pauseMs;
  // A drawing that takes long begins with what has just come: what came before would be old.
  const isFresh = withinMs === 0 && nowMs >= earliestMs;
  const waitMs = isSlow && !isFresh ? NEXT_BOOK_MS : 0;
  const wantedMs = Math.max(nowMs + Math.max(0, withinMs), earliestMs + waitMs);
  if (wantedMs >= dueMs) return;
  dueMs = wantedMs;
  clearTimeout(timer);
  timer = setTimeout(tick, wantedMs - nowMs);
}

/** How often to draw what need not be drawn more often than `everyMs`: prices go first. */
export function lessOften(everyMs: number): number {
  return isSlow && everyMs ? Math.max(everyMs, LESS_OFTEN * (pauseMs + NEXT_BOOK_MS)) : everyMs;
}

/** Stands in the page once, and lets the clock wait for it; without it the clock never waits. */
export function CommitPacer(): null {
  const [drawing, setDrawing] = useState(0);
  useEffect(() => {
    pace = setDrawing;
    return () => {
      pace = null;
      underWay = 0;
    };
  }, []);
  useLayoutEffect(() => {
    if (!drawing || drawing !== underWay) return;
    // On the page, though not yet on the screen.
    const seen = requestAnimationFrame(() => setTimeout(drawn));
    return () => cancelAnimationFrame(seen);
  }, [drawing]);
  return null;
}

/** Not all of the time goes into drawing: a third is for what comes in. */
function drawn(): void {
  underWay = 0;
  const tookMs = performance.now() - begunMs;
  takesMs = takesMs ? takesMs + SMOOTHING * (tookMs - takesMs) : tookMs;
  pauseMs = Math.max(COMMIT_EVERY_MS, PAUSES * takesMs);
  isSlow = takesMs > SLOW_MS;
}

function tick(): void {
  dueMs = Number.POSITIVE_INFINITY;
  const nowMs = performance.now();
  if (underWay && nowMs - begunMs < GIVE_UP_MS) {
    commitSoon(COMMIT_EVERY_MS / 5);
    return;
  }
  begunMs = nowMs;
  if (isSlow) draw();
  else startTransition(draw);
}

function draw(): void {
  let anything = false;
  for (const listener of listeners) anything = listener() || anything;
  if (!anything || !pace) return;
  count += 1;
  underWay = count;
  pace(count);
}
