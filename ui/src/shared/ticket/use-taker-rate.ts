/** GET /api/v3/account/commission: what a taker pays, as a share of what is received. */

import { useQuery } from '@tanstack/react-query';
import type { Answer } from '../api/answer';
import { usePartners, useUser } from '../live/live-context';

const PATH = '/api/v3/account/commission';

/** Null while it is not known. */
export function useTakerRate(symbol: string): string | null {
  const { gateway } = usePartners();
  const user = useUser();
  const { data } = useQuery({
    queryKey: ['taker-rate', symbol, user?.name],
    queryFn: async ({ signal }) => {
      const rates = await gateway.request<Answer<typeof PATH, 'get'>>(PATH, {
        parameters: { symbol },
        signal,
      });
      return rates.standardCommission.taker;
    },
    enabled: user !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data ?? null;
}
