/** What may be wrong with an order's prices, in sentences that say how to put it right. */

import {
  compare,
  isMultiple,
  onGrid,
  shown,
  times,
  trimmed,
  typedAmount,
} from '../amounts/amounts';
import { type Draft, hasPrice, hasStopPrice } from './draft';
import type { Facts } from './facts';

export function pricesProblem(draft: Draft, facts: Facts): string | null {
  return (
    (hasPrice(draft.type) ? filterProblem('price', draft.price, facts) : null) ??
    (hasStopPrice(draft.type) ? filterProblem('stop price', draft.stopPrice, facts) : null) ??
    (hasPrice(draft.type) ? bandProblem(draft, facts) : null) ??
    (hasStopPrice(draft.type) ? triggerProblem(draft, facts) : null) ??
    (draft.type === 'LIMIT_MAKER' ? takingProblem(draft, facts) : null)
  );
}

/** PRICE_FILTER. */
function filterProblem(name: string, text: string, { market }: Facts): string | null {
  const price = typedAmount(text);
  if (price === null) return `Enter a ${name}.`;
  if (!isMultiple(price, market.tick)) {
    return `The ${name} moves in steps of ${trimmed(market.tick)}.`;
  }
  return compare(price, market.minPrice) < 0 || compare(price, market.maxPrice) > 0
    ? `The ${name} must be ${trimmed(market.minPrice)} to ${trimmed(market.maxPrice)}.`
    : null;
}

/** PERCENT_PRICE_BY_SIDE: around the last price; with a stop price, around that. */
function bandProblem(draft: Draft, { market, lastPrice }: Facts): string | null {
  const waits = hasStopPrice(draft.type);
  const middle = waits ? draft.stopPrice : lastPrice;
  const [down, up] = draft.side === 'BUY' ? market.bidBand : market.askBand;
  if (middle === null || !down || !up) return null;
  const lowest = onGrid(times(middle, down), market.tick, 'up');
  const highest = onGrid(times(middle, up), market.tick, 'down');
  if (compare(draft.price, lowest) >= 0 && compare(draft.price, highest) <= 0) return null;
  const side = draft.side === 'BUY' ? 'buy' : 'sell';
  const prices = [lowest, highest].map((price) => shown(price, market.priceDecimals));
  const of = waits ? 'its stop price' : `the last price, ${shown(middle, market.priceDecimals)}`;
  return `The price of a ${side} must be ${prices.join(' to ')}: ${trimmed(down)} to ${trimmed(up)} times ${of}.`;
}

/** A stop price that is reached already: the engine refuses what would be active at once. */
function triggerProblem(draft: Draft, { market, lastPrice }: Facts): string | null {
  if (lastPrice === null) return null;
  const waitsForRise = draft.type.startsWith('STOP_LOSS') === (draft.side === 'BUY');
  const distance = compare(draft.stopPrice, lastPrice);
  if (waitsForRise ? distance > 0 : distance < 0) return null;
  const last = shown(lastPrice, market.priceDecimals);
  return `This would trigger at once: the stop price must be ${waitsForRise ? 'above' : 'below'} the last price, ${last}.`;
}

/** A post-only order that would take. */
function takingProblem(draft: Draft, { market, bid, ask }: Facts): string | null {
  const buys = draft.side === 'BUY';
  const met = buys ? ask : bid;
  if (met === null) return null;
  const distance = compare(draft.price, met);
  if (buys ? distance < 0 : distance > 0) return null;
  const best = shown(met, market.priceDecimals);
  return buys
    ? `This would take: a post-only buy must be below the best ask, ${best}.`
    : `This would take: a post-only sell must be above the best bid, ${best}.`;
}
