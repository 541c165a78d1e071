/** All markets' last 24 hours: from REST first, then live. */

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { usePartners } from '../../shared/live/live-context';
import { useTopic } from '../../shared/live/use-topic';
import { type Day, fromMini, fromRow, type MiniTicker, type TickerRow } from './day';

const QUERY_KEY = ['days'];

export function useDays(): ReadonlyMap<string, Day> {
  const { gateway } = usePartners();
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: QUERY_KEY,
    queryFn: async ({ signal }) => {
      const rows = await gateway.request<TickerRow[]>('/api/v3/ticker/24hr', { signal });
      return new Map(rows.map((row) => [row.symbol, fromRow(row)]));
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  useTopic('/topic/miniTickers', ({ body }) => {
    client.setQueryData<Map<string, Day>>(QUERY_KEY, (days) => {
      const next = new Map(days);
      for (const ticker of body as MiniTicker[]) next.set(ticker.s, fromMini(ticker));
      return next;
    });
  });
  return data ?? new Map();
}
