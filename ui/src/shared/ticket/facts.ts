/** What an order is held against before it is sent. */

import type { Market } from '../markets/markets';

export interface Funds {
  base: string;
  quote: string;
}

export interface Facts {
  market: Market;
  /** Whether prices are: what is old is nothing to trade by. */
  live: boolean;
  /** An order of this market is on its way. */
  sending: boolean;
  /** What is available; null where nobody is logged in, undefined while it is not known. */
  funds: Funds | null | undefined;
  /** The best prices; null where a side is empty. */
  bid: string | null;
  ask: string | null;
  /** Of the last trade; null before the first one, and while it is not known. */
  lastPrice: string | null;
  /** What a taker pays, as a share of what is received; null while it is not known. */
  takerRate: string | null;
  /** One's own open orders in this market, and how many of them have a stop price. */
  open: { orders: number; conditional: number };
}
