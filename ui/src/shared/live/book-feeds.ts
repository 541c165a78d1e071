/** One followed book a market, however many panels look at it. */

import type { Market } from '../markets/markets';
import { type DepthSnapshot, type DepthUpdate, LiveBook } from './live-book';
import type { LiveMessage } from './live-connection';

/** What of the live connection a book needs. */
export interface Topics {
  subscribe: (destination: string, handler: (message: LiveMessage) => void) => () => void;
  renew: (destination: string) => void;
}

/** Of a market, what its book needs to know. */
export type Followable = Pick<Market, 'symbol' | 'tick' | 'lot'>;

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
  private readonly changed: () => void;
  private readonly followed = new Map<string, Followed>();

  /** `changed` is called with each change of a book. */
  constructor(topics: Topics, changed: () => void = () => undefined) {
    this.topics = topics;
    this.changed = changed;
  }

  /** The book, followed until `leave` was called by all who asked. */
  follow(market: Followable): { feed: BookFeed; leave: () => void } {
    const known = this.followed.get(market.symbol) ?? this.begin(market);
    known.watchers += 1;
    let left = false;
    const leave = () => {
      if (left) return;
      left = true;
      known.watchers -= 1;
      if (known.watchers) return;
      known.leave();
      this.followed.delete(market.symbol);
    };
    return { feed: known.feed, leave };
  }

  private begin(market: Followable): Followed {
    const destination = `/topic/orderbook/${market.symbol}`;
    const feed: BookFeed = { book: new LiveBook(market), version: 0 };
    const leave = this.topics.subscribe(destination, ({ body, snapshot }) => {
      if (snapshot) feed.book.reset(body as DepthSnapshot);
      // A gap: what is shown would be wrong, and a new subscription begins with a snapshot.
      else if (!feed.book.apply(body as DepthUpdate)) this.topics.renew(destination);
      feed.version += 1;
      this.changed();
    });
    const made = { feed, watchers: 0, leave };
    this.followed.set(market.symbol, made);
    return made;
  }
}
