/** GET /api/v3/ticker/price: the last prices, which bands are measured from. */

import { useQuery } from '@tanstack/react-query';
import type { Answer } from '../../shared/api/answer';
import { usePartners } from '../../shared/live/live-context';

const REFRESH_MS = 5_000;

type Row = Answer<'/api/v3/ticker/price', 'get'>;

export function useLastPrices(): ReadonlyMap<string, string> {
  const { gateway } = usePartners();
  const { data } = useQuery({
    queryKey: ['last-prices'],
    queryFn: async ({ signal }) => {
      const rows = await gateway.request<readonly Row[]>('/api/v3/ticker/price', { signal });
      return new Map(rows.map(({ symbol, price }) => [symbol, price]));
    },
    refetchInterval: REFRESH_MS,
  });
  return data ?? new Map();
}
