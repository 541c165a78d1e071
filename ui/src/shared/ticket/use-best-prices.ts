/** The best bid and ask, for estimates. */

import { useLiveBook } from '../live/use-live-book';
import type { Market } from '../markets/markets';

export function useBestPrices(market: Market): { bid: string | null; ask: string | null } {
  const view = useLiveBook(market.symbol, market.priceDecimals, 1);
  return { bid: view.bids[0]?.price ?? null, ask: view.asks[0]?.price ?? null };
}
