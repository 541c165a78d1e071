/** What the ticket says before anything is sent: cost, fee, what will be reserved, what is wrong. */

import {
  compare,
  isMultiple,
  PLACES,
  shown,
  times,
  typedAmount,
} from '../../shared/amounts/amounts';
import type { Market } from '../../shared/markets/markets';
import type { Side } from '../../shared/ticket/ticket-store';

export type TicketType =
  | 'LIMIT'
  | 'LIMIT_MAKER'
  | 'MARKET'
  | 'STOP_LOSS_LIMIT'
  | 'TAKE_PROFIT_LIMIT';
export type TimeInForce = 'GTC' | 'IOC' | 'FOK';

export interface Draft {
  side: Side;
  type: TicketType;
  timeInForce: TimeInForce;
  price: string;
  stopPrice: string;
  quantity: string;
}

export interface Funds {
  base: string;
  quote: string;
}

export interface Estimate {
  /** Price × quantity; null where there is no price yet. */
  cost: string | null;
  /** Taken from what is received, in its currency, where the order takes. */
  fee: string | null;
  feeCurrency: string;
  reserved: string | null;
  reservedCurrency: string;
  /** The first thing that is wrong, in a sentence; null where the order can be sent. */
  problem: string | null;
}

export function hasPrice(type: TicketType): boolean {
  return type !== 'MARKET';
}

export function hasStopPrice(type: TicketType): boolean {
  return type === 'STOP_LOSS_LIMIT' || type === 'TAKE_PROFIT_LIMIT';
}

export function hasTimeInForce(type: TicketType): boolean {
  return type === 'LIMIT' || hasStopPrice(type);
}

/** `best`: the price that a market order would meet first, null where nobody is there. */
export function estimate(
  draft: Draft,
  market: Market,
  funds: Funds | null,
  takerRate: string,
  best: string | null,
): Estimate {
  const buys = draft.side === 'BUY';
  const quantity = typedAmount(draft.quantity);
  const price = hasPrice(draft.type) ? typedAmount(draft.price) : best;
  const cost = quantity && price ? times(price, quantity) : null;
  const received = buys ? quantity : cost;
  return {
    cost,
    fee: received ? times(received, takerRate) : null,
    feeCurrency: buys ? market.base : market.quote,
    // Of a market buy the gateway reserves up to the price band; the figure here is the least.
    reserved: buys ? cost : quantity,
    reservedCurrency: buys ? market.quote : market.base,
    problem: problemOf(draft, market, funds, cost),
  };
}

function problemOf(draft: Draft, market: Market, funds: Funds | null, cost: string | null) {
  if (market.status !== 'TRADING') return `${market.symbol} is halted.`;
  return (
    (hasPrice(draft.type) ? priceProblem('price', draft.price, market) : null) ??
    (hasStopPrice(draft.type) ? priceProblem('stop price', draft.stopPrice, market) : null) ??
    quantityProblem(draft.quantity, market) ??
    notionalProblem(draft.type, cost, market) ??
    fundsProblem(draft, market, funds, cost)
  );
}

function priceProblem(name: string, text: string, market: Market): string | null {
  const price = typedAmount(text);
  if (price === null) return `Enter a ${name}.`;
  if (!isMultiple(price, market.tick))
    return `The ${name} moves in steps of ${short(market.tick)}.`;
  return outside(price, market.minPrice, market.maxPrice)
    ? `The ${name} must be ${short(market.minPrice)} to ${short(market.maxPrice)}.`
    : null;
}

function quantityProblem(text: string, market: Market): string | null {
  const quantity = typedAmount(text);
  if (quantity === null) return 'Enter a quantity.';
  if (!isMultiple(quantity, market.lot)) {
    return `The quantity moves in steps of ${short(market.lot)}.`;
  }
  return outside(quantity, market.minQuantity, market.maxQuantity)
    ? `The quantity must be ${short(market.minQuantity)} to ${short(market.maxQuantity)}.`
    : null;
}

function notionalProblem(type: TicketType, cost: string | null, market: Market): string | null {
  if (cost === null) return type === 'MARKET' ? 'Nobody is on the other side.' : null;
  return outside(cost, market.minNotional, market.maxNotional)
    ? `The value must be ${short(market.minNotional)} to ${short(market.maxNotional)} ${market.quote}.`
    : null;
}

function fundsProblem(draft: Draft, market: Market, funds: Funds | null, cost: string | null) {
  if (!funds) return 'Log in to trade.';
  const buys = draft.side === 'BUY';
  const needed = buys ? (cost ?? '0') : draft.quantity;
  const there = buys ? funds.quote : funds.base;
  if (compare(needed, there) <= 0) return null;
  const currency = buys ? market.quote : market.base;
  return `Not enough ${currency}: ${shown(there, PLACES)} available.`;
}

function outside(value: string, least: string, most: string): boolean {
  return compare(value, least) < 0 || compare(value, most) > 0;
}

function short(value: string): string {
  return value.includes('.') ? value.replace(/\.?0+$/, '') : value;
}
