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
  /** False while a stop order waits for its stop price: it is in no book. */
  working?: boolean;
  createdMs: number;
  updatedMs: number;
  /** Why it was refused or expired, the exchange's constant; where the answer tells it. */
  reason?: string | null;
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
  | 'isWorking'
  | 'time'
  | 'updateTime'
>;

type MayLack = 'stopPrice' | 'isWorking';

/** A row of openOrders or allOrders. A new order's answer leaves out what it has not. */
export type OrderRow = Omit<FullRow, MayLack> & Partial<Pick<FullRow, MayLack>>;

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
> &
  Partial<Pick<Model<'ExecutionReport'>, 'w'>>;

const NOT_DECIDED = 'PENDING_NEW';
const STATUSES: Readonly<Record<string, string>> = {
  PENDING_VALIDATION: NOT_DECIDED,
  OPEN: 'NEW',
  CANCELLED: 'CANCELED',
};
const OPEN = new Set(['NEW', 'PARTIALLY_FILLED']);

export function isOpen(order: MyOrder): boolean {
  return OPEN.has(order.status);
}

/** Nothing more will become of it. */
export function hasEnded(order: MyOrder): boolean {
  return !isOpen(order) && order.status !== NOT_DECIDED;
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
    working: row.isWorking ?? true,
    createdMs: row.time,
    updatedMs: row.updateTime,
  };
}

/** Of `/v1`, whose statuses are the exchange's own: shown as everywhere else, in Binance's words. */
export function fromInfo(info: Model<'OrderInfo'>): MyOrder {
  const byValue = Number(info.quote_quantity) !== 0;
  return {
    id: info.order_id,
    clientId: info.client_order_id,
    symbol: info.symbol,
    side: info.side,
    type: info.type,
    timeInForce: info.time_in_force,
    price: info.price,
    stopPrice: info.stop_price,
    // A market order by value has no quantity but what it has filled.
    quantity: byValue ? info.filled_quantity : info.quantity,
    filled: info.filled_quantity,
    filledQuote: info.filled_quote,
    status: STATUSES[info.status] ?? info.status,
    createdMs: info.created_at_ms,
    updatedMs: info.updated_at_ms,
    reason: info.refusal ?? info.expiry,
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
    working: report.w ?? true,
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
