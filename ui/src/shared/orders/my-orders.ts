/** A user's open orders, as GET openOrders tells them and execution reports change them. */

import type { Model } from '../api/answer';

export interface MyOrder {
  id: number;
  clientId: string;
  symbol: string;
  side: 'BUY' | 'SELL';
  type: string;
  timeInForce: string;
  price: string;
  stopPrice: string;
  quantity: string;
  filled: string;
  filledQuote: string;
  status: string;
  createdMs: number;
  updatedMs: number;
}

type FullRow = Pick<
  Model<'OrderRow'>,
  | 'orderId'
  | 'clientOrderId'
  | 'symbol'
  | 'side'
  | 'type'
  | 'timeInForce'
  | 'price'
  | 'stopPrice'
  | 'origQty'
  | 'executedQty'
  | 'cummulativeQuoteQty'
  | 'status'
  | 'time'
  | 'updateTime'
>;

/** A row of openOrders or allOrders. A new order's answer leaves out a stop price of none. */
export type OrderRow = Omit<FullRow, 'stopPrice'> & Partial<Pick<FullRow, 'stopPrice'>>;

/** Binance's executionReport, as far as the page reads it. */
export type ExecutionReport = Pick<
  Model<'ExecutionReport'>,
  | 'e'
  | 'E'
  | 's'
  | 'c'
  | 'C'
  | 'S'
  | 'o'
  | 'f'
  | 'q'
  | 'p'
  | 'P'
  | 'x'
  | 'X'
  | 'i'
  | 'l'
  | 'z'
  | 'L'
  | 'Z'
  | 'O'
  | 'T'
>;

const OPEN = new Set(['NEW', 'PARTIALLY_FILLED']);

export function isOpen(order: MyOrder): boolean {
  return OPEN.has(order.status);
}

export function fromRow(row: OrderRow): MyOrder {
  return {
    id: row.orderId,
    clientId: row.clientOrderId,
    symbol: row.symbol,
    side: row.side,
    type: row.type,
    timeInForce: row.timeInForce,
    price: row.price,
    stopPrice: row.stopPrice ?? '0.00000000',
    quantity: row.origQty,
    filled: row.executedQty,
    filledQuote: row.cummulativeQuoteQty,
    status: row.status,
    createdMs: row.time,
    updatedMs: row.updateTime,
  };
}

export function fromReport(report: ExecutionReport): MyOrder {
  return {
    id: report.i,
    // A cancel brings an id of its own; the order's stands in C then.
    clientId: report.x === 'CANCELED' && report.C ? report.C : report.c,
    symbol: report.s,
    side: report.S,
    type: report.o,
    timeInForce: report.f,
    price: report.p,
    stopPrice: report.P,
    quantity: report.q,
    filled: report.z,
    filledQuote: report.Z,
    status: report.X,
    createdMs: report.O,
    updatedMs: report.T,
  };
}

/** The newest first. What is older than what is known changes nothing; what ended leaves. */
export function withOrder(orders: readonly MyOrder[], changed: MyOrder): readonly MyOrder[] {
  const known = orders.find((order) => order.id === changed.id);
  if (known && isOlder(changed, known)) return orders;
  const others = orders.filter((order) => order.id !== changed.id);
  return isOpen(changed) ? [...others, changed].sort((a, b) => b.id - a.id) : others;
}

function isOlder(changed: MyOrder, known: MyOrder): boolean {
  if (changed.updatedMs !== known.updatedMs) return changed.updatedMs < known.updatedMs;
  return isOpen(changed) && Number(changed.filled) < Number(known.filled);
}
