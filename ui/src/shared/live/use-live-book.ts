/** The book of a market, drawn at most 20 times a second, and never before what one types. */

import { startTransition, useEffect, useState } from 'react';
import { onCommit } from './commit-clock';
import { type BookView, EMPTY_VIEW } from './live-book';
import { usePartners } from './live-context';

export function useLiveBook(symbol: string, decimals: number, levels: number, groupTicks = 1) {
  const { books } = usePartners();
  const [view, setView] = useState<BookView>(EMPTY_VIEW);

  useEffect(() => {
    const { feed, leave } = books.follow(symbol, decimals);
    let drawn = -1;
    const stop = onCommit(() => {
      if (feed.version === drawn || !feed.book.ready || document.hidden) return;
      drawn = feed.version;
      const next = feed.book.view(levels, groupTicks);
      startTransition(() => setView(next));
    });
    return () => {
      leave();
      stop();
      setView(EMPTY_VIEW);
    };
  }, [books, symbol, decimals, levels, groupTicks]);

  return view;
}
