/** The price of the last trade: from GET /api/v3/referencePrice first, then live. */

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { compare } from '../amounts/amounts';
import type { Answer } from '../api/answer';
import type { ApiError } from '../api/api-error';
import { Meanwhile } from '../api/meanwhile';
import type { Gateway } from '../api/request';
import { useLiveState, usePartners } from '../live/live-context';
import { useTopic } from '../live/use-topic';

const PATH = '/api/v3/referencePrice';
const LAST_PRICE = 'last-price';
const NO_REFERENCE_PRICE = -2043;

/** Prices that came while the last one was asked for: each is newer than the answer. */
const meanwhile = new Meanwhile<string>();

/** Null before the first trade, and while it is not known. */
export function useLastPrice(symbol: string): string | null {
  const { gateway } = usePartners();
  const client = useQueryClient();
  const state = useLiveState();
  const { data } = useQuery({
    queryKey: [LAST_PRICE, symbol],
    queryFn: ({ signal }) =>
      meanwhile.ask(
        symbol,
        () => lastPriceOf(gateway, symbol, signal),
        (_, price) => price,
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
  useTopic(`/topic/ticker/${symbol}`, ({ body }) => {
    const { c: price } = body as { c: string };
    // A day without a trade has no last price; the one before it still is the last.
    if (compare(price, '0') <= 0) return;
    meanwhile.tell(symbol, price);
    client.setQueryData([LAST_PRICE, symbol], price);
  });
  const connected = state === 'live' || state === 'stale';
  useEffect(() => {
    if (connected) void client.invalidateQueries({ queryKey: [LAST_PRICE, symbol] });
  }, [client, symbol, connected]);
  return data ?? null;
}

async function lastPriceOf(
  gateway: Gateway,
  symbol: string,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const parameters = { symbol };
    const answer = gateway.request<Answer<typeof PATH, 'get'>>(PATH, { parameters, signal });
    return (await answer).referencePrice;
  } catch (error) {
    if ((error as ApiError).code === NO_REFERENCE_PRICE) return null;
    throw error;
  }
}
