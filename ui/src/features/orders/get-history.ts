/** GET /v1/orders and myTrades: what became of orders, and what was executed. */

import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { Model } from '../../shared/api/answer';
import { usePartners, useUser } from '../../shared/live/live-context';
import { fromInfo, type MyOrder } from '../../shared/orders/my-orders';
import { AFTER_EXECUTION } from '../../shared/orders/use-my-orders';

const ROWS = 200;

export type MyFill = Model<'MyTrade'>;

const asOrders = (rows: Model<'OrderInfo'>[]) => rows.map(fromInfo);
const newestFirst = (rows: MyFill[]) => [...rows].sort((a, b) => b.id - a.id);

/** The newest first; refused ones too, which allOrders does not have. */
export function useOrderHistory(symbol: string): UseQueryResult<readonly MyOrder[]> {
  return useMine('/v1/orders', symbol, asOrders);
}

export function useFills(symbol: string): UseQueryResult<readonly MyFill[]> {
  return useMine('/api/v3/myTrades', symbol, newestFirst);
}

function useMine<Row, Shown>(
  path: string,
  symbol: string,
  select: (rows: Row[]) => readonly Shown[],
): UseQueryResult<readonly Shown[]> {
  const { gateway } = usePartners();
  const user = useUser();
  return useQuery({
    queryKey: [...AFTER_EXECUTION, path, symbol, user?.name],
    queryFn: ({ signal }) =>
      gateway.request<Row[]>(path, { parameters: { symbol, limit: ROWS }, signal }),
    enabled: user !== null,
    select,
  });
}
