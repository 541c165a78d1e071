/** An order as it stands on the ticket: what one has typed and chosen, sent or not. */

import { trimmed } from '../amounts/amounts';
import type { NewOrder } from '../orders/send-order';
import type { Side } from './ticket-store';

export type TicketType =
  | 'LIMIT'
  | 'LIMIT_MAKER'
  | 'MARKET'
  | 'STOP_LOSS'
  | 'STOP_LOSS_LIMIT'
  | 'TAKE_PROFIT'
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

const NAMES: ReadonlyArray<[TicketType, string]> = [
  ['LIMIT', 'Limit'],
  ['LIMIT_MAKER', 'Post only'],
  ['MARKET', 'Market'],
  ['STOP_LOSS', 'Stop loss'],
  ['STOP_LOSS_LIMIT', 'Stop loss limit'],
  ['TAKE_PROFIT', 'Take profit'],
  ['TAKE_PROFIT_LIMIT', 'Take profit limit'],
];

/** What of a market's order types the ticket can express, and what it calls them. */
export function offeredTypes(orderTypes: readonly string[]): typeof NAMES {
  return NAMES.filter(([type]) => orderTypes.includes(type));
}

/** The others take any price. */
export function hasPrice(type: TicketType): boolean {
  return type !== 'MARKET' && type !== 'STOP_LOSS' && type !== 'TAKE_PROFIT';
}

/** Waits for the last price to reach its stop price. */
export function hasStopPrice(type: TicketType): boolean {
  return type.startsWith('STOP_LOSS') || type.startsWith('TAKE_PROFIT');
}

export function hasTimeInForce(type: TicketType): boolean {
  return type === 'LIMIT' || (hasStopPrice(type) && hasPrice(type));
}

/** What is sent for a draft that has no problem: nothing that its type does not take. */
export function orderOf(draft: Draft): Omit<NewOrder, 'symbol'> {
  const { side, type, timeInForce, price, stopPrice, quantity } = draft;
  return {
    side,
    type,
    quantity: trimmed(quantity),
    ...(hasPrice(type) && { price: trimmed(price) }),
    ...(hasStopPrice(type) && { stopPrice: trimmed(stopPrice) }),
    ...(hasTimeInForce(type) && { timeInForce }),
  };
}
