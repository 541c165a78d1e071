/** The user's open orders, live: from REST at first and after each reconnection, then reports. */

import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { Meanwhile } from '../api/meanwhile';
import { useOnConnection } from '../api/use-on-connection';
import { useRefresh } from '../api/use-refresh';
import { usePartners, useUser } from '../live/live-context';
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
export const AFTER_EXECUTION = ['after-execution'];
const NONE: readonly MyOrder[] = [];

/** Reports that came while the orders were asked for. */
const meanwhile = new Meanwhile<ExecutionReport>();

/** The orders of one market, or all of them. The newest first. None while they are not known. */
export function useMyOrders(symbol?: string): readonly MyOrder[] {
  return useMyOrdersQuery(symbol).data ?? NONE;
}

/** The same, told apart: not there yet, not to be had, none. */
export function useMyOrdersQuery(symbol?: string): UseQueryResult<readonly MyOrder[]> {
  const { gateway } = usePartners();
  const name = useUser()?.name ?? '';
  return useQuery({
    queryKey: [...OPEN_ORDERS, name],
    queryFn: ({ signal }) =>
      meanwhile.ask(
        name,
        async (): Promise<readonly MyOrder[]> => {
          const rows = await gateway.request<OrderRow[]>('/api/v3/openOrders', { signal });
          return rows.map(fromRow).sort((a, b) => b.id - a.id);
        },
        (orders, report) => withOrder(orders, fromReport(report)),
      ),
    enabled: name !== '',
    staleTime: Number.POSITIVE_INFINITY,
    select: (orders) => (symbol ? orders.filter((order) => order.symbol === symbol) : orders),
  });
}

/** Keeps what useMyOrders shows current, and tells of each report. Once for the whole page. */
export function useFollowMyOrders(onReport: (report: ExecutionReport) => void): void {
  const name = useUser()?.name ?? '';
  const client = useQueryClient();
  const refresh = useRefresh(AFTER_EXECUTION);
  useTopic(name ? '/user/queue/orders' : null, ({ body }) => {
    const report = body as ExecutionReport;
    if (report.e !== 'executionReport') return;
    meanwhile.tell(name, report);
    client.setQueryData<readonly MyOrder[]>([...OPEN_ORDERS, name], (orders) =>
      orders ? withOrder(orders, fromReport(report)) : orders,
    );
    refresh();
    onReport(report);
  });
  // Reports that were missed while there was no connection are in the rows.
  useOnConnection(() => {
    void client.invalidateQueries({ queryKey: OPEN_ORDERS });
    void client.invalidateQueries({ queryKey: AFTER_EXECUTION });
  });
}
