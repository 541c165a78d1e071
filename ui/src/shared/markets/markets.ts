/** Markets and their filters, from exchangeInfo. Amounts stay text. */

import { decimalsOf } from '../amounts/amounts';

export interface Market {
  symbol: string;
  status: string;
  base: string;
  quote: string;
  tick: string;
  lot: string;
  minPrice: string;
  maxPrice: string;
  minQuantity: string;
  maxQuantity: string;
  /** Of orders that take any price. */
  marketLot: string;
  marketMinQuantity: string;
  marketMaxQuantity: string;
  minNotional: string;
  maxNotional: string;
  /** How many open orders a user may have, and how many of them with a stop price. */
  maxOrders: number;
  maxConditionalOrders: number;
  orderTypes: readonly string[];
  /** Between which multiples of the last price an order's price must be; empty without a band. */
  bidBand: readonly [down: string, up: string];
  askBand: readonly [down: string, up: string];
  /** Of prices and of quantities, as tick and lot have them. */
  priceDecimals: number;
  quantityDecimals: number;
}

type Filters = Map<string, Record<string, unknown>>;

/** The markets in the gateway's order. What lacks a mandatory filter is left out. */
export function marketsOf(symbols: readonly unknown[]): Market[] {
  return symbols.flatMap((entry) => {
    const market = marketOf(entry);
    return market ? [market] : [];
  });
}

function marketOf(entry: unknown): Market | null {
  const facts = record(entry);
  const filters = filtersOf(facts.filters);
  const price = filters.get('PRICE_FILTER');
  const lot = filters.get('LOT_SIZE');
  const notional = filters.get('NOTIONAL');
  if (!price || !lot || !notional) return null;
  const marketLot = filters.get('MARKET_LOT_SIZE') ?? lot;
  const band = filters.get('PERCENT_PRICE_BY_SIDE') ?? {};
  const tick = text(price.tickSize);
  const step = text(lot.stepSize);
  return {
    symbol: text(facts.symbol),
    status: text(facts.status),
    base: text(facts.baseAsset),
    quote: text(facts.quoteAsset),
    tick,
    lot: step,
    minPrice: text(price.minPrice),
    maxPrice: text(price.maxPrice),
    minQuantity: text(lot.minQty),
    maxQuantity: text(lot.maxQty),
    // A step of 0 is none of its own: the other one holds.
    marketLot: Number(marketLot.stepSize) ? text(marketLot.stepSize) : step,
    marketMinQuantity: text(marketLot.minQty),
    marketMaxQuantity: text(marketLot.maxQty),
    minNotional: text(notional.minNotional),
    maxNotional: text(notional.maxNotional),
    maxOrders: limit(filters.get('MAX_NUM_ORDERS')?.maxNumOrders),
    maxConditionalOrders: limit(filters.get('MAX_NUM_ALGO_ORDERS')?.maxNumAlgoOrders),
    orderTypes: Array.isArray(facts.orderTypes) ? facts.orderTypes.map(text) : [],
    bidBand: [text(band.bidMultiplierDown), text(band.bidMultiplierUp)],
    askBand: [text(band.askMultiplierDown), text(band.askMultiplierUp)],
    priceDecimals: decimalsOf(tick),
    quantityDecimals: decimalsOf(step),
  };
}

function filtersOf(filters: unknown): Filters {
  const found: Filters = new Map();
  for (const filter of Array.isArray(filters) ? filters : []) {
    const facts = record(filter);
    found.set(text(facts.filterType), facts);
  }
  return found;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function limit(value: unknown): number {
  return typeof value === 'number' ? value : Number.POSITIVE_INFINITY;
}
