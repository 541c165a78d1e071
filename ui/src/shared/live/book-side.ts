/** One side of a live book, in ticks and lots. Sorted once for all who look at it. */

export interface Level {
  /** Unique within a side, and what rows are told apart by. */
  ticks: number;
  lots: number;
  /** Lots from the best price to this one. */
  cumulative: number;
}

export class BookSide {
  private readonly lots = new Map<number, number>();
  private readonly sign: 1 | -1;
  /** The best price first; null where a price has come or gone since. */
  private sorted: Float64Array | null = null;

  constructor(side: 'bid' | 'ask') {
    this.sign = side === 'bid' ? -1 : 1;
  }

  clear(): void {
    this.lots.clear();
    this.sorted = null;
  }

  set(ticks: number, lots: number): void {
    if (lots === 0) {
      if (this.lots.delete(ticks)) this.sorted = null;
      return;
    }
    if (!this.lots.has(ticks)) this.sorted = null;
    this.lots.set(ticks, lots);
  }

  get best(): number | null {
    return this.prices()[0] ?? null;
  }

  /** The best levels, joined to groups of `group` ticks. */
  levels(count: number, group: number): Level[] {
    const found: Level[] = [];
    let last: Level | undefined;
    let cumulative = 0;
    for (const price of this.prices()) {
      // A bid belongs to the group below it, an ask to the one above: never better than it is.
      const groups = price / group;
      const ticks = (this.sign < 0 ? Math.floor(groups) : Math.ceil(groups)) * group;
      const joins = last?.ticks === ticks;
      if (!joins && found.length === count) break;
      const lots = this.lots.get(price) ?? 0;
      cumulative += lots;
      if (last && joins) {
        last.lots += lots;
        last.cumulative = cumulative;
      } else {
        last = { ticks, lots, cumulative };
        found.push(last);
      }
    }
    return found;
  }

  private prices(): Float64Array {
    if (!this.sorted) {
      this.sorted = Float64Array.from(this.lots.keys()).sort();
      if (this.sign < 0) this.sorted.reverse();
    }
    return this.sorted;
  }
}
