/** GET /v1/orders and myTrades: what became of orders, and what was executed. */

import { useMemo } from 'react';
import type { Model } from '../../shared/api/answer';
import type { Source } from '../../shared/api/pages';
import { type Pages, usePages } from '../../shared/api/use-pages';
import { fromInfo, hasEnded, type MyOrder } from '../../shared/orders/my-orders';
import { AFTER_EXECUTION } from '../../shared/orders/use-my-orders';

const ROWS = 200;
/** As many as one may ask for: more than the executions that one order makes in a millisecond. */
const OLDER_FILLS = 1_000;

export type MyFill = Model<'MyTrade'>;

/** The newest first; refused ones too, which allOrders does not have. */
export function useOrderHistory(symbol: string): Pages<MyOrder> {
  const source = useMemo(() => ordersOf(symbol), [symbol]);
  return usePages(AFTER_EXECUTION, source, symbol);
}

export function useFills(symbol: string): Pages<MyFill> {
  const source = useMemo(() => fillsOf(symbol), [symbol]);
  return usePages(AFTER_EXECUTION, source, symbol);
}

function ordersOf(symbol: string): Source<Model<'OrderInfo'>, MyOrder> {
  return {
    path: '/v1/orders',
    parameters: (before) => ({ symbol, limit: ROWS, before_id: before ?? undefined }),
    read: (rows) => rows.map(fromInfo),
    keyOf: ({ id }) => id,
    cursorOf: ({ id }) => id,
    isFinal: hasEnded,
  };
}

/** myTrades has no cursor backwards: until the millisecond of the oldest one, that one again. */
function fillsOf(symbol: string): Source<MyFill, MyFill> {
  return {
    path: '/api/v3/myTrades',
    parameters: (endTime) =>
      endTime === null ? { symbol, limit: ROWS } : { symbol, limit: OLDER_FILLS, endTime },
    read: (rows) => [...rows].sort((a, b) => b.id - a.id),
    keyOf: fillKey,
    cursorOf: ({ time }) => time,
    isFinal: () => true,
  };
}

/** A trade with oneself is two fills. */
export function fillKey({ id, orderId }: MyFill): string {
  return `${id}:${orderId}`;
}
