/** The book of a market, drawn at most 20 times a second, and never before what one types. */

import { useEffect, useState } from 'react';
import type { BookFeed, Followable } from './book-feeds';
import { commitSoon, lessOften, onCommit } from './commit-clock';
import { type BookView, EMPTY_VIEW, type LiveBook } from './live-book';
import { usePartners } from './live-context';

/** `everyMs`: for what need not be drawn as often as the book changes. */
export function useLiveBook(
  market: Followable,
  levels: number,
  groupTicks = 1,
  everyMs = 0,
): BookView {
  const [view, setView] = useState<BookView>(EMPTY_VIEW);
  const feed = useBookFeed(market);

  useEffect(() => {
    if (!feed) return;
    const show = (book: LiveBook) => setView(book.view(levels, groupTicks));
    // Other groups of a book that is there already: at once, by whoever has asked for them.
    if (feed.book.ready) show(feed.book);
    const stop = onBookCommit(feed, show, everyMs);
    return () => {
      stop();
      setView(EMPTY_VIEW);
    };
  }, [feed, levels, groupTicks, everyMs]);

  return view;
}

/** The followed book, for as long as the component is there; null before the first effect. */
export function useBookFeed({ symbol, tick, lot }: Followable): BookFeed | null {
  const { books } = usePartners();
  const [feed, setFeed] = useState<BookFeed | null>(null);
  useEffect(() => {
    const followed = books.follow({ symbol, tick, lot });
    setFeed(followed.feed);
    return () => {
      followed.leave();
      setFeed(null);
    };
  }, [books, symbol, tick, lot]);
  return feed;
}

/** Calls for a book that has changed, with the clock, until the returned function is called. */
export function onBookCommit(
  feed: BookFeed,
  show: (book: LiveBook) => void,
  everyMs = 0,
): () => void {
  let drawn = -1;
  let drawnMs = Number.NEGATIVE_INFINITY;
  return onCommit(() => {
    if (feed.version === drawn || !feed.book.ready || document.hidden) return false;
    const waitMs = drawnMs + lessOften(everyMs) - performance.now();
    if (waitMs > 0) {
      commitSoon(waitMs);
      return false;
    }
    drawn = feed.version;
    drawnMs = performance.now();
    show(feed.book);
    return true;
  });
}
