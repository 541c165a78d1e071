/**
 * The last trades of a market: from REST first and after each reconnection, then live, drawn at
 * most five times a second.
 */

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useOnConnection } from '../../shared/api/use-on-connection';
import { commitSoon, lessOften, onCommit } from '../../shared/live/commit-clock';
import { usePartners } from '../../shared/live/live-context';
import { useTopic } from '../../shared/live/use-topic';
import { fromEvent, fromRow, TAPE_LENGTH, type TapeTrade, withTrades } from './tape';

/** Nobody reads more than five pictures of a tape a second. */
const EVERY_MS = 200;
const NONE: readonly TapeTrade[] = [];

export function useTape(symbol: string): readonly TapeTrade[] {
  const { gateway } = usePartners();
  const client = useQueryClient();
  const queryKey = ['trades', symbol];
  const { data = NONE, refetch } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const rows = await gateway.request<Parameters<typeof fromRow>[0][]>('/api/v3/trades', {
        parameters: { symbol, limit: TAPE_LENGTH },
        signal,
      });
      return rows.map(fromRow);
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [live, setLive] = useState<readonly TapeTrade[]>([]);
  const waiting = useRef<TapeTrade[]>([]);

  useTopic(`/topic/trades/${symbol}`, ({ body }) => {
    waiting.current.push(fromEvent(body as Parameters<typeof fromEvent>[0]));
    // While nobody looks nothing is drawn, and no more is kept than the tape has room for.
    if (waiting.current.length > TAPE_LENGTH) waiting.current.shift();
    commitSoon(EVERY_MS);
  });
  useOnConnection(() => void refetch());
  useEffect(() => {
    let drawnMs = Number.NEGATIVE_INFINITY;
    const stop = onCommit(() => {
      if (!waiting.current.length || document.hidden) return false;
      const nowMs = performance.now();
      const waitMs = drawnMs + lessOften(EVERY_MS) - nowMs;
      if (waitMs > 0) {
        commitSoon(waitMs);
        return false;
      }
      drawnMs = nowMs;
      const added = waiting.current.splice(0);
      setLive((tape) => withTrades(tape, added));
      return true;
    });
    return () => {
      stop();
      waiting.current = [];
      setLive([]);
      client.removeQueries({ queryKey: ['trades', symbol] });
    };
  }, [client, symbol]);

  return useMemo(() => withTrades(data, live), [data, live]);
}
