/** What an order asks for its price, and what it got on average. */

import Big from 'big.js';
import { PLACES, shown } from '../../shared/amounts/amounts';
import type { Market } from '../../shared/markets/markets';
import type { MyOrder } from '../../shared/orders/my-orders';

/** `61,234.50`, `market`, or what a conditional order waits for: `stop 61,000.00 → limit 60,900.00`. */
export function priceText({ price, stopPrice }: MyOrder, { priceDecimals }: Market): string {
  const limit = Number(price) ? shown(price, priceDecimals) : null;
  if (!Number(stopPrice)) return limit ?? 'market';
  const then = limit === null ? 'market' : `limit ${limit}`;
  return `stop ${shown(stopPrice, priceDecimals)} → ${then}`;
}

/** In the market's decimals where that is exact, else in eight; nothing before the first fill. */
export function averageText({ filled, filledQuote }: MyOrder, { priceDecimals }: Market): string {
  if (Big(filled).eq(0)) return '';
  const average = Big(filledQuote).div(filled).round(PLACES);
  const exact = average.round(priceDecimals).eq(average);
  return shown(average.toFixed(PLACES), exact ? priceDecimals : PLACES);
}
