/** The best bid and ask: drawn anew when they change, not with every change of the book. */

import { useEffect, useState } from 'react';
import { onBookCommit, useBookFeed } from '../live/use-live-book';
import type { Market } from '../markets/markets';

const NOBODY: { bid: string | null; ask: string | null } = { bid: null, ask: null };

export function useBestPrices(market: Market): typeof NOBODY {
  const [best, setBest] = useState(NOBODY);
  const feed = useBookFeed(market);
  useEffect(() => {
    if (!feed) return;
    const stop = onBookCommit(feed, (book) => {
      const now = book.best();
      setBest((shown) => (shown.bid === now.bid && shown.ask === now.ask ? shown : now));
    });
    return () => {
      stop();
      setBest(NOBODY);
    };
  }, [feed]);
  return best;
}
