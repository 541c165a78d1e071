/** The two stairs of cumulative depth, as SVG paths in a box of 100 × 100. */

import type { BookView, Level } from '../../shared/live/live-book';

export interface DepthPaths {
  bids: string;
  asks: string;
  /** The prices at the left and right edge, and between the sides. */
  low: string;
  high: string;
}

const WIDTH = 100;
const HEIGHT = 100;
const MIDDLE = WIDTH / 2;

export function depthPaths(view: BookView): DepthPaths | null {
  const [bid, ask] = [view.bids[0], view.asks[0]];
  const [lowest, highest] = [view.bids.at(-1), view.asks.at(-1)];
  if (!bid || !ask || !lowest || !highest) return null;
  const mid = (bid.ticks + ask.ticks) / 2;
  const reach = Math.max(mid - lowest.ticks, highest.ticks - mid, 1);
  const x = (level: Level) => MIDDLE + ((level.ticks - mid) / reach) * MIDDLE;
  const y = (level: Level) => HEIGHT - (level.cumulative / view.deepest) * HEIGHT;
  return {
    bids: stairs(view.bids, x, y, 0),
    asks: stairs(view.asks, x, y, WIDTH),
    low: lowest.price,
    high: highest.price,
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
