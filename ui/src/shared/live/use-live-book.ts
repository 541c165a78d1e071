/** The book of a market, drawn at most 20 times a second, and never before what one types. */

import { startTransition, useEffect, useState } from 'react';
import {
  type BookView,
  type DepthSnapshot,
  type DepthUpdate,
  EMPTY_VIEW,
  LiveBook,
} from './live-book';
import { usePartners } from './live-context';

export const COMMIT_EVERY_MS = 50;

export function useLiveBook(symbol: string, decimals: number, levels: number, groupTicks = 1) {
  const { live } = usePartners();
  const [view, setView] = useState<BookView>(EMPTY_VIEW);

  useEffect(() => {
    const book = new LiveBook(decimals);
    const destination = `/topic/orderbook/${symbol}`;
    const leave = live.subscribe(destination, ({ body, snapshot }) => {
      if (snapshot) book.reset(body as DepthSnapshot);
      else if (!book.apply(body as DepthUpdate)) live.renew(destination);
    });
    const timer = setInterval(() => {
      if (!book.changed || document.hidden) return;
      const next = book.view(levels, groupTicks);
      startTransition(() => setView(next));
    }, COMMIT_EVERY_MS);
    return () => {
      leave();
      clearInterval(timer);
      setView(EMPTY_VIEW);
    };
  }, [live, symbol, decimals, levels, groupTicks]);

  return view;
}
