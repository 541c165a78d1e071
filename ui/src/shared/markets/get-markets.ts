/** GET /api/v3/exchangeInfo: which markets there are, in which steps they trade. */

import { useSuspenseQuery } from '@tanstack/react-query';
import type { Answer } from '../api/answer';
import { usePartners } from '../live/live-context';
import { type Market, marketsOf } from './markets';

/** Halts, resumptions and bands show by themselves within this time. */
export const MARKETS_REFRESH_MS = 10_000;

export function useMarkets(): readonly Market[] {
  const { gateway } = usePartners();
  const { data } = useSuspenseQuery({
    queryKey: ['markets'],
    queryFn: async ({ signal }) => {
      const info = await gateway.request<Answer<'/api/v3/exchangeInfo', 'get'>>(
        '/api/v3/exchangeInfo',
        { signal },
      );
      return marketsOf(info.symbols);
    },
    refetchInterval: MARKETS_REFRESH_MS,
  });
  return data;
}
