/** POST /v1/markets/{symbol}/halt and /resume. */

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { usePartners } from '../../shared/live/live-context';

export function useHalt() {
  const { gateway } = usePartners();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ symbol, reason }: { symbol: string; reason: string | null }) =>
      reason === null
        ? gateway.request(`/v1/markets/${symbol}/resume`, { method: 'POST' })
        : gateway.request(`/v1/markets/${symbol}/halt`, { method: 'POST', body: { reason } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['markets'] }),
  });
}
