/** All markets' last 24 hours: from REST first and after each reconnection, then live. */

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Meanwhile } from '../../shared/api/meanwhile';
import { useOnConnection } from '../../shared/api/use-on-connection';
import { usePartners } from '../../shared/live/live-context';
import { useTopic } from '../../shared/live/use-topic';
import { type Day, fromMini, fromRow, type MiniTicker, type TickerRow } from './day';

const QUERY_KEY = ['days'];
const EVERYBODY = '';

type Days = ReadonlyMap<string, Day>;

const NONE: Days = new Map();
/** Tickers that came while the figures were asked for. */
const meanwhile = new Meanwhile<readonly MiniTicker[]>();

export function useDays(): Days {
  const { gateway } = usePartners();
  const client = useQueryClient();
  const { data, refetch } = useQuery({
    queryKey: QUERY_KEY,
    queryFn: ({ signal }) =>
      meanwhile.ask(
        EVERYBODY,
        async (): Promise<Days> => {
          const rows = await gateway.request<TickerRow[]>('/api/v3/ticker/24hr', { signal });
          return new Map(rows.map((row) => [row.symbol, fromRow(row)]));
        },
        withTickers,
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
  useTopic('/topic/miniTickers', ({ body }) => {
    const tickers = body as MiniTicker[];
    meanwhile.tell(EVERYBODY, tickers);
    client.setQueryData<Days>(QUERY_KEY, (days) => withTickers(days, tickers));
  });
  useOnConnection(() => void refetch());
  return data ?? NONE;
}

function withTickers(days: Days = NONE, tickers: readonly MiniTicker[]): Days {
  return new Map([...days, ...tickers.map((ticker) => [ticker.s, fromMini(ticker)] as const)]);
}
