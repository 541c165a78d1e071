/** A ladder's rows: what stands at each price, and what of it is one's own. */

import type { BookView } from '../../shared/live/live-book';
import { gridOf } from '../../shared/markets/grid';
import type { MyOrder } from '../../shared/orders/my-orders';
import type { LadderScale } from './ladder-scale';

/** One's own orders in a row: what is open of them, in lots, and the ids to cancel. */
export interface Own {
  lots: number;
  ids: readonly number[];
}

export interface LadderRow {
  ticks: number;
  price: string;
  /** In lots; null where nobody stands. */
  bid: number | null;
  ask: number | null;
  own: Own | null;
  /** Of one's own, what waits for this price and is in no book yet. */
  stops: Own | null;
}

/** `view` is joined to groups of the scale's step. The highest price first. */
export function ladderRows(
  view: BookView,
  orders: readonly MyOrder[],
  market: { tick: string; lot: string },
  { middle, step, half }: LadderScale,
): LadderRow[] {
  const bids = new Map(view.bids.map((level) => [level.ticks, level.lots]));
  const asks = new Map(view.asks.map((level) => [level.ticks, level.lots]));
  const resting = orders.filter((order) => !waits(order));
  const own = byTicks(resting, ({ price }) => price, market, step);
  const stops = byTicks(orders.filter(waits), ({ stopPrice }) => stopPrice, market, step);
  const tick = gridOf(market.tick);
  return Array.from({ length: 2 * half + 1 }, (_, n) => middle + (half - n) * step)
    .filter((ticks) => ticks > 0)
    .map((ticks) => ({
      ticks,
      price: tick.text(ticks),
      bid: bids.get(ticks) ?? null,
      ask: asks.get(ticks) ?? null,
      own: own.get(ticks) ?? null,
      stops: stops.get(ticks) ?? null,
    }));
}

/** A stop order whose price has not come: what it will do is nobody's liquidity now. */
function waits(order: MyOrder): boolean {
  return order.working === false && Number(order.stopPrice) > 0;
}

function byTicks(
  orders: readonly MyOrder[],
  priceOf: (order: MyOrder) => string,
  market: { tick: string; lot: string },
  step: number,
): ReadonlyMap<number, Own> {
  const [tick, lot] = [gridOf(market.tick), gridOf(market.lot)];
  const found = new Map<number, Own>();
  for (const order of orders) {
    const steps = tick.steps(priceOf(order)) / step;
    // In the row in which the book shows it: a bid in the one below, an ask in the one above.
    const ticks = (order.side === 'BUY' ? Math.floor(steps) : Math.ceil(steps)) * step;
    const known = found.get(ticks) ?? { lots: 0, ids: [] };
    const open = lot.steps(order.quantity) - lot.steps(order.filled);
    found.set(ticks, { lots: known.lots + open, ids: [...known.ids, order.id] });
  }
  return found;
}
