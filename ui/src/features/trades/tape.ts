/** The newest trades first, no more than so many, each once. */

import type { Model } from '../../shared/api/answer';

export interface TapeTrade {
  id: number;
  price: string;
  quantity: string;
  atMs: number;
  /** The buyer took: the price went to an ask. */
  buyerTook: boolean;
}

export const TAPE_LENGTH = 200;

type TradeEvent = Pick<Model<'TradeEvent'>, 't' | 'p' | 'q' | 'T' | 'm'>;

type TradeRow = Pick<Model<'TradeRow'>, 'id' | 'price' | 'qty' | 'time' | 'isBuyerMaker'>;

export function fromEvent(event: TradeEvent): TapeTrade {
  return { id: event.t, price: event.p, quantity: event.q, atMs: event.T, buyerTook: !event.m };
}

export function fromRow(row: TradeRow): TapeTrade {
  return {
    id: row.id,
    price: row.price,
    quantity: row.qty,
    atMs: row.time,
    buyerTook: !row.isBuyerMaker,
  };
}

export function withTrades(tape: readonly TapeTrade[], added: readonly TapeTrade[]): TapeTrade[] {
  const known = new Map(tape.map((trade) => [trade.id, trade]));
  for (const trade of added) known.set(trade.id, trade);
  return [...known.values()].sort((a, b) => b.id - a.id).slice(0, TAPE_LENGTH);
}
