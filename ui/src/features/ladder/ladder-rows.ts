/** A price ladder: rows of even steps around a middle, what stands there, what is one's own. */

import { compare, plus } from '../../shared/amounts/amounts';
import type { BookView } from '../../shared/live/live-book';
import type { MyOrder } from '../../shared/orders/my-orders';

export interface LadderRow {
  ticks: number;
  price: string;
  bid: string | null;
  ask: string | null;
  /** One's own open quantity in this row, and the ids to cancel. */
  own: string | null;
  ownIds: readonly number[];
}

export interface LadderScale {
  /** Of the middle row. */
  middle: number;
  /** Ticks from one row to the next. */
  step: number;
  /** Rows above and below the middle. */
  half: number;
}

/**
 * The scale to draw with; the last one for as long as the best prices are well inside it, so
 * that no row moves under the hand that is about to click. Null before there is a price.
 */
export function scaleFor(view: BookView, half: number, last: LadderScale | null) {
  const [bid, ask] = [view.bids[0]?.ticks, view.asks[0]?.ticks];
  const both = bid !== undefined && ask !== undefined;
  const best = both ? (bid + ask) / 2 : (bid ?? ask);
  if (best === undefined) return null;
  if (last && Math.abs(best - last.middle) <= (half / 2) * last.step) return last;
  const step = both ? roundStep((ask - bid) / SPREAD_ROWS) : (last?.step ?? 1);
  return { middle: Math.round(best / step) * step, step, half };
}

/** `view` is joined to groups of the scale's step. The highest price first. */
export function ladderRows(
  view: BookView,
  orders: readonly MyOrder[],
  decimals: number,
  { middle, step, half }: LadderScale,
): LadderRow[] {
  const bids = new Map(view.bids.map((level) => [level.ticks, level.quantity]));
  const asks = new Map(view.asks.map((level) => [level.ticks, level.quantity]));
  const own = ownByTicks(orders, decimals, step);
  return Array.from({ length: 2 * half + 1 }, (_, n) => middle + (half - n) * step)
    .filter((ticks) => ticks > 0)
    .map((ticks) => ({
      ticks,
      price: (ticks / 10 ** decimals).toFixed(decimals),
      bid: bids.get(ticks) ?? null,
      ask: asks.get(ticks) ?? null,
      own: own.get(ticks)?.open ?? null,
      ownIds: own.get(ticks)?.ids ?? [],
    }));
}

/** How many rows the spread takes, about, when the step is chosen. */
const SPREAD_ROWS = 2;

/** 1, 2 or 5 times a power of ten, not above `ticks`; at least one tick. */
function roundStep(ticks: number): number {
  if (ticks <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(ticks));
  return power * (ticks >= 5 * power ? 5 : ticks >= 2 * power ? 2 : 1);
}

function ownByTicks(orders: readonly MyOrder[], decimals: number, step: number) {
  const found = new Map<number, { open: string; ids: number[] }>();
  for (const order of orders) {
    if (compare(order.price, '0') === 0) continue;
    const steps = Math.round(Number(order.price) * 10 ** decimals) / step;
    // In the row in which the book shows it: a bid in the one below, an ask in the one above.
    const ticks = (order.side === 'BUY' ? Math.floor(steps) : Math.ceil(steps)) * step;
    const open = rest(order);
    const known = found.get(ticks);
    if (known) {
      known.open = plus(known.open, open);
      known.ids.push(order.id);
    } else {
      found.set(ticks, { open, ids: [order.id] });
    }
  }
  return found;
}

function rest(order: MyOrder): string {
  return plus(order.quantity, `-${order.filled}`);
}
