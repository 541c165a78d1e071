/** A price ladder: one row a tick around the middle, what stands there, and what of it is one's own. */

import { compare, plus } from '../../shared/amounts/amounts';
import type { BookView } from '../../shared/live/live-book';
import type { MyOrder } from '../../shared/orders/my-orders';

export interface LadderRow {
  ticks: number;
  price: string;
  bid: string | null;
  ask: string | null;
  /** One's own open quantity at this price, and the ids to cancel. */
  own: string | null;
  ownIds: readonly number[];
}

/** `half` rows above and below the middle, highest price first; none before there is a price. */
export function ladderRows(
  view: BookView,
  orders: readonly MyOrder[],
  decimals: number,
  half: number,
): LadderRow[] {
  const middle = view.bids[0]?.ticks ?? view.asks[0]?.ticks;
  if (middle === undefined) return [];
  const bids = new Map(view.bids.map((level) => [level.ticks, level.quantity]));
  const asks = new Map(view.asks.map((level) => [level.ticks, level.quantity]));
  const own = ownByTicks(orders, decimals);
  return Array.from({ length: 2 * half + 1 }, (_, n) => middle + half - n)
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

function ownByTicks(orders: readonly MyOrder[], decimals: number) {
  const found = new Map<number, { open: string; ids: number[] }>();
  for (const order of orders) {
    if (compare(order.price, '0') === 0) continue;
    const ticks = Math.round(Number(order.price) * 10 ** decimals);
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
