/** The first thing that is wrong with an order, as far as the page can tell before it is sent. */

import {
  compare,
  isMultiple,
  PLACES,
  shown,
  times,
  trimmed,
  typedAmount,
} from '../amounts/amounts';
import { pricesProblem } from './check-price';
import { type Draft, hasPrice, hasStopPrice } from './draft';
import type { Facts } from './facts';
import { anchorOf, reserveOf } from './reserve';

/** In a sentence that says how to put it right; null where the order can be sent. */
export function problemOf(draft: Draft, facts: Facts): string | null {
  if (!facts.live) return 'Prices are not live: the ticket waits.';
  if (facts.market.status !== 'TRADING') return `${facts.market.symbol} is halted.`;
  return (
    pricesProblem(draft, facts) ??
    quantityProblem(draft, facts) ??
    valueProblem(draft, facts) ??
    countProblem(draft, facts) ??
    fundsProblem(draft, facts)
  );
}

/** LOT_SIZE, and MARKET_LOT_SIZE of what takes any price. */
function quantityProblem(draft: Draft, { market }: Facts): string | null {
  const quantity = typedAmount(draft.quantity);
  if (quantity === null) return 'Enter a quantity.';
  const sizes = [{ step: market.lot, least: market.minQuantity, most: market.maxQuantity }];
  if (!hasPrice(draft.type)) {
    const { marketLot: step, marketMinQuantity: least, marketMaxQuantity: most } = market;
    sizes.push({ step, least, most });
  }
  for (const { step, least, most } of sizes) {
    if (!isMultiple(quantity, step)) return `The quantity moves in steps of ${trimmed(step)}.`;
    if (compare(quantity, least) < 0 || compare(quantity, most) > 0) {
      return `The quantity must be ${trimmed(least)} to ${trimmed(most)}.`;
    }
  }
  return null;
}

/** NOTIONAL: at the order's price, or at the price in the middle of its band. */
function valueProblem(draft: Draft, facts: Facts): string | null {
  const { market, bid, ask } = facts;
  if (draft.type === 'MARKET' && (draft.side === 'BUY' ? ask : bid) === null) {
    return 'Nobody is on the other side.';
  }
  const price = hasPrice(draft.type) ? draft.price : anchorOf(draft, facts);
  const value = price === null ? null : times(price, draft.quantity);
  if (value === null) return null;
  return compare(value, market.minNotional) < 0 || compare(value, market.maxNotional) > 0
    ? `The value must be ${trimmed(market.minNotional)} to ${trimmed(market.maxNotional)} ${market.quote}.`
    : null;
}

/** MAX_NUM_ORDERS and MAX_NUM_ALGO_ORDERS. */
function countProblem(draft: Draft, { market, open }: Facts): string | null {
  const { symbol, maxOrders, maxConditionalOrders } = market;
  if (open.orders >= maxOrders) {
    return `${symbol} takes no more than ${maxOrders} open orders of one user: cancel one.`;
  }
  return hasStopPrice(draft.type) && open.conditional >= maxConditionalOrders
    ? `${symbol} takes no more than ${maxConditionalOrders} orders with a stop price of one user: cancel one.`
    : null;
}

function fundsProblem(draft: Draft, facts: Facts): string | null {
  const { market, funds } = facts;
  if (funds === null) return 'Log in to trade.';
  if (funds === undefined) return 'Your balances are not known yet.';
  const buys = draft.side === 'BUY';
  const needed = reserveOf(draft, facts);
  const there = buys ? funds.quote : funds.base;
  if (needed === null || compare(needed, there) <= 0) return null;
  const currency = buys ? market.quote : market.base;
  const available = `Not enough ${currency}: ${shown(there, PLACES)} available`;
  return hasPrice(draft.type) || !buys
    ? `${available}.`
    : `${available}, and an order that takes any price reserves up to the price band.`;
}
