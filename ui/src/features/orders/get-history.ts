/** GET allOrders and myTrades: what has ended, and what was executed. */

import { useQuery } from '@tanstack/react-query';
import type { Model } from '../../shared/api/answer';
import { usePartners, useUser } from '../../shared/live/live-context';
import { fromRow, type MyOrder, type OrderRow } from '../../shared/orders/my-orders';
import { AFTER_EXECUTION } from '../../shared/orders/use-my-orders';

const ROWS = 200;

export type MyFill = Model<'MyTrade'>;

export function useOrderHistory(symbol: string): readonly MyOrder[] {
  const rows = useMine<OrderRow>('/api/v3/allOrders', symbol);
  return rows.map(fromRow).sort((a, b) => b.id - a.id);
}

export function useFills(symbol: string): readonly MyFill[] {
  return [...useMine<MyFill>('/api/v3/myTrades', symbol)].sort((a, b) => b.id - a.id);
}

function useMine<Row>(path: string, symbol: string): readonly Row[] {
  const { gateway } = usePartners();
  const user = useUser();
  const { data } = useQuery({
    queryKey: [AFTER_EXECUTION, path, symbol, user?.name],
    queryFn: ({ signal }) =>
      gateway.request<Row[]>(path, { parameters: { symbol, limit: ROWS }, signal }),
    enabled: user !== null,
  });
  return data ?? [];
}
