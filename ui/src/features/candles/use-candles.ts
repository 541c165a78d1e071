/** A market's candles: history from REST, again after each reconnection; then the newest, live. */

import { useQuery } from '@tanstack/react-query';
import { useOnConnection } from '../../shared/api/use-on-connection';
import { usePartners } from '../../shared/live/live-context';
import { useTopic } from '../../shared/live/use-topic';
import {
  type Candle,
  fromEvent,
  fromRow,
  type Interval,
  type KlineEvent,
  type KlineRow,
} from './candle';

const ROWS = 500;

export function useCandles(symbol: string, interval: Interval, onNewest: (candle: Candle) => void) {
  const { gateway } = usePartners();
  const { data, refetch } = useQuery({
    queryKey: ['candles', symbol, interval],
    queryFn: async ({ signal }) => {
      const rows = await gateway.request<KlineRow[]>('/api/v3/klines', {
        parameters: { symbol, interval, limit: ROWS },
        signal,
      });
      return rows.map(fromRow);
    },
    staleTime: 0,
    gcTime: 0,
  });
  useTopic(`/topic/kline/${symbol}/${interval}`, ({ body }) => {
    onNewest(fromEvent(body as KlineEvent));
  });
  useOnConnection(() => void refetch());
  return data;
}
