/** The user's open orders, live: from REST at first and after each reconnection, then reports. */

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useLiveState, usePartners, useUser } from '../live/live-context';
import { useTopic } from '../live/use-topic';
import {
  type ExecutionReport,
  fromReport,
  fromRow,
  type MyOrder,
  type OrderRow,
  withOrder,
} from './my-orders';

export const OPEN_ORDERS = ['open-orders'];
/** All that follows from an execution: history, fills, sagas. */
export const AFTER_EXECUTION = 'after-execution';
const NONE: readonly MyOrder[] = [];

/** The orders of one market, or all of them. The newest first. */
export function useMyOrders(symbol?: string): readonly MyOrder[] {
  const { gateway } = usePartners();
  const user = useUser();
  const { data = NONE } = useQuery({
    queryKey: [...OPEN_ORDERS, user?.name],
    queryFn: async ({ signal }) => {
      const rows = await gateway.request<OrderRow[]>('/api/v3/openOrders', { signal });
      return rows.map(fromRow).sort((a, b) => b.id - a.id) as readonly MyOrder[];
    },
    enabled: user !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!user) return NONE;
  return symbol ? data.filter((order) => order.symbol === symbol) : data;
}

/** Keeps what useMyOrders shows current, and tells of each report. Once for the whole page. */
export function useFollowMyOrders(onReport: (report: ExecutionReport) => void): void {
  const user = useUser();
  const state = useLiveState();
  const client = useQueryClient();
  useTopic(user ? '/user/queue/orders' : null, ({ body }) => {
    const report = body as ExecutionReport;
    if (report.e !== 'executionReport') return;
    client.setQueryData<readonly MyOrder[]>([...OPEN_ORDERS, user?.name], (orders) =>
      orders ? withOrder(orders, fromReport(report)) : orders,
    );
    void client.invalidateQueries({ queryKey: [AFTER_EXECUTION] });
    onReport(report);
  });
  // Reports that were missed while there was no connection are in the rows.
  const connected = state === 'live' || state === 'stale';
  useEffect(() => {
    if (!connected) return;
    void client.invalidateQueries({ queryKey: OPEN_ORDERS });
    void client.invalidateQueries({ queryKey: [AFTER_EXECUTION] });
  }, [client, connected]);
}
