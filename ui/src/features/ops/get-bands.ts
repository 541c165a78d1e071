/** GET /v1/markets/bands: whose band holds in each market, and the configured one. */

import { useQuery } from '@tanstack/react-query';
import type { Answer } from '../../shared/api/answer';
import { usePartners } from '../../shared/live/live-context';

export type BandInfo = Answer<'/v1/markets/bands', 'get'>[number];

/** Looked at together with the markets, whose key this one's begins with. */
export function useBands(): ReadonlyMap<string, BandInfo> {
  const { gateway } = usePartners();
  const { data } = useQuery({
    queryKey: ['markets', 'bands'],
    queryFn: async ({ signal }) => {
      const bands = await gateway.request<readonly BandInfo[]>('/v1/markets/bands', { signal });
      return new Map(bands.map((band) => [band.symbol, band]));
    },
  });
  return data ?? new Map();
}
