/**
 * An order book that follows `/topic/orderbook/{symbol}`: a snapshot, then changes whose `U` is
 * the last `u` + 1. Mutable and outside React; `view` is what is drawn. Prices are kept as whole
 * ticks (exact), quantities as the text that came.
 */

import type { Model } from '../api/answer';

export interface Level {
  /** In ticks: unique within a side, and what rows are told apart by. */
  ticks: number;
  price: string;
  quantity: string;
  /** From the best price to this one; for bars alone. */
  cumulative: number;
}

export interface BookView {
  bids: readonly Level[];
  asks: readonly Level[];
  /** The deeper side's last cumulative quantity, at least a little. */
  deepest: number;
  updateId: number;
}

export type Pair = readonly [price: string, quantity: string];

export type DepthSnapshot = Model<'DepthSnapshot'>;

/** A change of a book, as far as it is applied. */
export type DepthUpdate = Pick<Model<'DepthUpdate'>, 'U' | 'u' | 'b' | 'a'>;

export const EMPTY_VIEW: BookView = { bids: [], asks: [], deepest: 1, updateId: 0 };

export class LiveBook {
  private readonly bids = new Map<number, string>();
  private readonly asks = new Map<number, string>();
  private readonly decimals: number;
  private updateId: number | null = null;

  /** `decimals`: of the market's tick. */
  constructor(decimals: number) {
    this.decimals = decimals;
  }

  get ready(): boolean {
    return this.updateId !== null;
  }

  reset(snapshot: DepthSnapshot): void {
    this.bids.clear();
    this.asks.clear();
    this.set(this.bids, snapshot.bids);
    this.set(this.asks, snapshot.asks);
    this.updateId = snapshot.lastUpdateId;
  }

  /** False where updates are missing in between: the book needs a new snapshot, and shows none. */
  apply(update: DepthUpdate): boolean {
    if (this.updateId === null || update.u <= this.updateId) return true;
    if (update.U > this.updateId + 1) {
      this.updateId = null;
      return false;
    }
    this.set(this.bids, update.b);
    this.set(this.asks, update.a);
    this.updateId = update.u;
    return true;
  }

  /** The best levels of both sides, joined to groups of `groupTicks`, best first. */
  view(levels: number, groupTicks = 1): BookView {
    const bids = this.side(this.bids, levels, groupTicks, -1);
    const asks = this.side(this.asks, levels, groupTicks, 1);
    const deepest = Math.max(bids.at(-1)?.cumulative ?? 0, asks.at(-1)?.cumulative ?? 0) || 1;
    return { bids, asks, deepest, updateId: this.updateId ?? 0 };
  }

  private set(side: Map<number, string>, pairs: readonly Pair[]): void {
    for (const [price, quantity] of pairs) {
      const ticks = Math.round(Number(price) * 10 ** this.decimals);
      if (Number(quantity) === 0) side.delete(ticks);
      else side.set(ticks, quantity);
    }
  }

  private side(side: Map<number, string>, levels: number, group: number, sign: 1 | -1): Level[] {
    const prices = Float64Array.from(side.keys()).sort();
    if (sign < 0) prices.reverse();
    const found: Level[] = [];
    let cumulative = 0;
    let inGroup = 0;
    for (const price of prices) {
      // A bid belongs to the group below it, an ask to the one above: never better than it is.
      const ticks = (sign < 0 ? Math.floor(price / group) : Math.ceil(price / group)) * group;
      const text = side.get(price) ?? '0';
      const last = found.at(-1);
      const joins = last?.ticks === ticks;
      if (!joins && found.length === levels) break;
      cumulative += Number(text);
      inGroup = joins ? inGroup + Number(text) : Number(text);
      const level = {
        ticks,
        price: (ticks / 10 ** this.decimals).toFixed(this.decimals),
        quantity: joins ? inGroup.toFixed(8) : text,
        cumulative,
      };
      if (joins) found[found.length - 1] = level;
      else found.push(level);
    }
    return found;
  }
}
