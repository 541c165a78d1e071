/** GET /v1/markets/bands: whose band holds in each market, and the configured one. */

import { useQuery } from '@tanstack/react-query';
import type { Answer } from '../../shared/api/answer';
import { usePartners } from '../../shared/live/live-context';
import { MARKETS_REFRESH_MS } from '../../shared/markets/get-markets';

export type BandInfo = Answer<'/v1/markets/bands', 'get'>[number];

/** Looked at as often as the markets, and together with them where ops have changed one. */
export function useBands(): ReadonlyMap<string, BandInfo> {
  const { gateway } = usePartners();
  const { data } = useQuery({
    queryKey: ['markets', 'bands'],
    queryFn: async ({ signal }) => {
      const bands = await gateway.request<readonly BandInfo[]>('/v1/markets/bands', { signal });
      return new Map(bands.map((band) => [band.symbol, band]));
    },
    refetchInterval: MARKETS_REFRESH_MS,
  });
  return data ?? new Map();
}
