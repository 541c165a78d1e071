/** What the ticket says before anything is sent: cost, fee, what will be reserved. */

import { times, typedAmount } from '../amounts/amounts';
import { type Draft, hasPrice, hasStopPrice } from './draft';
import type { Facts } from './facts';
import { reserveOf } from './reserve';

export interface Estimate {
  /** Price × quantity; null where there is no price yet. */
  cost: string | null;
  /** Taken from what is received, in its currency, where the order takes. */
  fee: string | null;
  /** There will be a fee, but its rate is not known yet. */
  feeComes: boolean;
  feeCurrency: string;
  reserved: string | null;
  reservedCurrency: string;
}

export function estimate(draft: Draft, facts: Facts): Estimate {
  const { market, takerRate } = facts;
  const buys = draft.side === 'BUY';
  const quantity = typedAmount(draft.quantity);
  const price = likelyPrice(draft, facts);
  const cost = quantity && price ? times(price, quantity) : null;
  const received = buys ? quantity : cost;
  return {
    cost,
    fee: received && takerRate ? times(received, takerRate) : null,
    feeComes: received !== null && takerRate === null,
    feeCurrency: buys ? market.base : market.quote,
    reserved: reserveOf(draft, facts),
    reservedCurrency: buys ? market.quote : market.base,
  };
}

/** The order's own; the best one that a market order meets first; where it wakes. */
function likelyPrice({ type, side, price, stopPrice }: Draft, { bid, ask }: Facts): string | null {
  if (hasPrice(type)) return typedAmount(price);
  if (hasStopPrice(type)) return typedAmount(stopPrice);
  return side === 'BUY' ? ask : bid;
}
