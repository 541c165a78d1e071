/** One followed book a market, however many panels look at it. */

import { type DepthSnapshot, type DepthUpdate, LiveBook } from './live-book';
import type { LiveMessage } from './live-connection';

/** What of the live connection a book needs. */
export interface Topics {
  subscribe: (destination: string, handler: (message: LiveMessage) => void) => () => void;
  renew: (destination: string) => void;
}

export interface BookFeed {
  book: LiveBook;
  /** Rises with each change. */
  version: number;
}

interface Followed {
  feed: BookFeed;
  watchers: number;
  leave: () => void;
}

export class BookFeeds {
  private readonly topics: Topics;
  private readonly followed = new Map<string, Followed>();

  constructor(topics: Topics) {
    this.topics = topics;
  }

  /** The book, followed until `leave` was called by all who asked. */
  follow(symbol: string, decimals: number): { feed: BookFeed; leave: () => void } {
    const known = this.followed.get(symbol) ?? this.begin(symbol, decimals);
    known.watchers += 1;
    let left = false;
    const leave = () => {
      if (left) return;
      left = true;
      known.watchers -= 1;
      if (known.watchers) return;
      known.leave();
      this.followed.delete(symbol);
    };
    return { feed: known.feed, leave };
  }

  private begin(symbol: string, decimals: number): Followed {
    const destination = `/topic/orderbook/${symbol}`;
    const feed: BookFeed = { book: new LiveBook(decimals), version: 0 };
    const leave = this.topics.subscribe(destination, ({ body, snapshot }) => {
      if (snapshot) feed.book.reset(body as DepthSnapshot);
      // A gap: what is shown would be wrong, and a new subscription begins with a snapshot.
      else if (!feed.book.apply(body as DepthUpdate)) this.topics.renew(destination);
      feed.version += 1;
    });
    const made = { feed, watchers: 0, leave };
    this.followed.set(symbol, made);
    return made;
  }
}
