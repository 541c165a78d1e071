/**
 * An order book that follows `/topic/orderbook/{symbol}`: a snapshot, then changes whose `U` is
 * the last `u` + 1. Mutable and outside React; `view` is what is drawn. Prices are kept as whole
 * ticks, quantities as whole lots, so that what is added up is exact.
 */

import type { Model } from '../api/answer';
import { type Grid, gridOf } from '../markets/grid';
import { BookSide, type Level } from './book-side';

export interface BookView {
  bids: readonly Level[];
  asks: readonly Level[];
  /** In ticks, whatever the levels are joined to; null where a side is empty. */
  bestBid: number | null;
  bestAsk: number | null;
  /** The deeper side's last cumulative quantity, at least a lot. */
  deepest: number;
  updateId: number;
}

export type Pair = readonly [price: string, quantity: string];

export type DepthSnapshot = Model<'DepthSnapshot'>;

/** A change of a book, as far as it is applied. */
export type DepthUpdate = Pick<Model<'DepthUpdate'>, 'U' | 'u' | 'b' | 'a'>;

export const EMPTY_VIEW: BookView = {
  bids: [],
  asks: [],
  bestBid: null,
  bestAsk: null,
  deepest: 1,
  updateId: 0,
};

export class LiveBook {
  private readonly bids = new BookSide('bid');
  private readonly asks = new BookSide('ask');
  private readonly price: Grid;
  private readonly quantity: Grid;
  /** Of the book as it is now: panels that look at the same share one. */
  private readonly views = new Map<string, BookView>();
  private updateId: number | null = null;

  constructor({ tick, lot }: { tick: string; lot: string }) {
    this.price = gridOf(tick);
    this.quantity = gridOf(lot);
  }

  get ready(): boolean {
    return this.updateId !== null;
  }

  reset(snapshot: DepthSnapshot): void {
    this.bids.clear();
    this.asks.clear();
    this.set(snapshot.bids, snapshot.asks);
    this.updateId = snapshot.lastUpdateId;
  }

  /** False where updates are missing in between: the book needs a new snapshot, and shows none. */
  apply(update: DepthUpdate): boolean {
    if (this.updateId === null || update.u <= this.updateId) return true;
    if (update.U > this.updateId + 1) {
      this.updateId = null;
      return false;
    }
    this.set(update.b, update.a);
    this.updateId = update.u;
    return true;
  }

  /** The best prices, as text; null where a side is empty. */
  best(): { bid: string | null; ask: string | null } {
    const text = (ticks: number | null) => (ticks === null ? null : this.price.text(ticks));
    return { bid: text(this.bids.best), ask: text(this.asks.best) };
  }

  /** The best levels of both sides, joined to groups of `groupTicks`, best first. */
  view(levels: number, groupTicks = 1): BookView {
    const key = `${levels} ${groupTicks}`;
    const view = this.views.get(key) ?? this.made(levels, groupTicks);
    this.views.set(key, view);
    return view;
  }

  private made(levels: number, groupTicks: number): BookView {
    const bids = this.bids.levels(levels, groupTicks);
    const asks = this.asks.levels(levels, groupTicks);
    return {
      bids,
      asks,
      bestBid: this.bids.best,
      bestAsk: this.asks.best,
      deepest: Math.max(bids.at(-1)?.cumulative ?? 1, asks.at(-1)?.cumulative ?? 1),
      updateId: this.updateId ?? 0,
    };
  }

  private set(bids: readonly Pair[], asks: readonly Pair[]): void {
    this.views.clear();
    for (const [side, pairs] of [
      [this.bids, bids],
      [this.asks, asks],
    ] as const) {
      for (const [price, quantity] of pairs) {
        side.set(this.price.steps(price), this.quantity.steps(quantity));
      }
    }
  }
}
