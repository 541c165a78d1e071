/** The two stairs of cumulative depth, as SVG paths in a box of 100 × 100. */

import type { Level } from '../../shared/live/book-side';
import type { BookView } from '../../shared/live/live-book';
import { gridOf } from '../../shared/markets/grid';

export interface DepthPaths {
  bids: string;
  asks: string;
  /** The prices at the left and right edge, equally far from the middle. */
  low: string;
  high: string;
}

const WIDTH = 100;
const HEIGHT = 100;
const MIDDLE = WIDTH / 2;

export function depthPaths(view: BookView, tick: string): DepthPaths | null {
  const [bid, ask] = [view.bids[0], view.asks[0]];
  const [lowest, highest] = [view.bids.at(-1), view.asks.at(-1)];
  if (!bid || !ask || !lowest || !highest) return null;
  const mid = (bid.ticks + ask.ticks) / 2;
  // As far as the nearer end: one order far away would press all others into the middle.
  const reach = Math.max(Math.min(mid - lowest.ticks, highest.ticks - mid), ask.ticks - bid.ticks);
  const within = (level: Level) => Math.abs(level.ticks - mid) <= reach;
  const [bids, asks] = [view.bids.filter(within), view.asks.filter(within)];
  const deepest = Math.max(bids.at(-1)?.cumulative ?? 0, asks.at(-1)?.cumulative ?? 0) || 1;
  const x = (level: Level) => MIDDLE + ((level.ticks - mid) / reach) * MIDDLE;
  const y = (level: Level) => HEIGHT - (level.cumulative / deepest) * HEIGHT;
  return {
    bids: stairs(bids, x, y, 0),
    asks: stairs(asks, x, y, WIDTH),
    low: gridOf(tick).text(mid - reach),
    high: gridOf(tick).text(mid + reach),
  };
}

function stairs(
  levels: readonly Level[],
  x: (level: Level) => number,
  y: (level: Level) => number,
  edge: number,
): string {
  const first = levels[0];
  if (!first) return '';
  const steps = levels.map((level) => `H${round(x(level))}V${round(y(level))}`).join('');
  return `M${round(x(first))},${HEIGHT}${steps}H${edge}V${HEIGHT}Z`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
