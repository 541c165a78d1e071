/** What of an order the gateway reserves, as it computes it itself. */

import { compare, onGrid, times, typedAmount } from '../amounts/amounts';
import type { Market } from '../markets/markets';
import { type Draft, hasPrice, hasStopPrice } from './draft';
import type { Facts } from './facts';

/**
 * The price in the middle of the band of an order that takes any price: its stop price, or what
 * the market trades at, or before the first trade the best price that it would meet.
 */
export function anchorOf(draft: Draft, facts: Facts): string | null {
  if (hasStopPrice(draft.type)) return typedAmount(draft.stopPrice);
  return facts.lastPrice ?? (draft.side === 'BUY' ? facts.ask : facts.bid);
}

/** The worst price that the order may trade at; null where there is no price yet. */
export function worstPrice(draft: Draft, facts: Facts): string | null {
  if (hasPrice(draft.type)) return typedAmount(draft.price);
  const anchor = anchorOf(draft, facts);
  return anchor === null ? null : boundOf(draft, anchor, facts.market);
}

/** In the quote currency for a buy, in the base currency for a sell. */
export function reserveOf(draft: Draft, facts: Facts): string | null {
  const quantity = typedAmount(draft.quantity);
  if (draft.side === 'SELL' || quantity === null) return quantity;
  const price = worstPrice(draft, facts);
  return price === null ? null : times(price, quantity);
}

function boundOf({ side }: Draft, anchor: string, market: Market): string {
  const buys = side === 'BUY';
  const factor = buys ? market.bidBand[1] : market.askBand[0];
  if (!factor) return anchor;
  const bound = onGrid(times(anchor, factor), market.tick, buys ? 'down' : 'up');
  if (compare(bound, market.maxPrice) > 0) return market.maxPrice;
  return compare(bound, market.minPrice) < 0 ? market.minPrice : bound;
}
