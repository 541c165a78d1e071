/** Which prices a ladder shows: its middle, and the step from row to row. */

import type { Level } from '../../shared/live/book-side';
import type { BookView } from '../../shared/live/live-book';

export interface Wish {
  /** The step that the trader has chosen; null where the ladder chooses. */
  step: number | null;
  /** Another number: the trader wants the best prices in the middle. */
  centred: number;
  /** A click may send: no row moves for a better step. */
  armed: boolean;
}

/** All in ticks. */
export interface LadderScale {
  /** Of the middle row. */
  middle: number;
  /** From one row to the next. */
  step: number;
  /** How many rows there are above and below the middle. */
  half: number;
  wish: Wish;
}

/** The step is chosen so that the spread takes about so many rows, or fewer, … */
const SPREAD_ROWS = 3;
/** … and so many levels of the fuller side stand within so many rows of the middle. */
export const NEAR_LEVELS = 5;
const NEAR_ROWS = 6;
/** A step so many times too large or too small is worse than rows that move. */
const UNREADABLE = 8;

/**
 * The scale to draw with; the last one for as long as the best prices are well inside it, so
 * that no row moves under the hand that is about to click. Null before there is a price.
 * `near`: the best levels as they are in the book, not joined.
 */
export function scaleFor(
  near: BookView,
  half: number,
  last: LadderScale | null,
  wish: Wish,
): LadderScale | null {
  const { bestBid: bid, bestAsk: ask } = near;
  const best = bid !== null && ask !== null ? (bid + ask) / 2 : (bid ?? ask);
  if (best === null) return null;
  const fitting = wish.step ?? fittingStep(near, best) ?? last?.step ?? 1;
  if (last && stays(last, wish, best, fitting)) return last;
  return { middle: Math.round(best / fitting) * fitting, step: fitting, half, wish };
}

function stays(last: LadderScale, wish: Wish, best: number, fitting: number): boolean {
  if (last.wish.step !== wish.step || last.wish.centred !== wish.centred) return false;
  if (Math.abs(best - last.middle) > (last.half / 2) * last.step) return false;
  const times = Math.max(fitting / last.step, last.step / fitting);
  return wish.armed || times < UNREADABLE;
}

/** Null where one order alone says nothing of the distances in this market. */
function fittingStep({ bids, asks, bestBid, bestAsk }: BookView, best: number): number | null {
  const spread = bestBid === null || bestAsk === null ? 0 : bestAsk - bestBid;
  const reach = Math.min(...[bids, asks].map((side) => reachOf(side, best)));
  const needed = Math.max(spread / SPREAD_ROWS, Number.isFinite(reach) ? reach / NEAR_ROWS : 0);
  return needed > 0 ? roundStep(needed) : null;
}

/** How far from the middle the side's last near level is. */
function reachOf(side: readonly Level[], best: number): number {
  const level = side[NEAR_LEVELS - 1];
  return level ? Math.abs(level.ticks - best) : Number.POSITIVE_INFINITY;
}

/** 1, 2 or 5 times a power of ten, not below `ticks`. */
function roundStep(ticks: number): number {
  if (ticks <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(ticks));
  return [1, 2, 5].map((factor) => factor * power).find((step) => step >= ticks) ?? 10 * power;
}
