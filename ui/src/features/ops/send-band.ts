/** PUT and DELETE /v1/markets/{symbol}/band. */

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import type { Model } from '../../shared/api/answer';
import { usePartners } from '../../shared/live/live-context';

/** Sends a band, or null for the configured one. Answered when the engine has said so. */
export function useBand(symbol: string) {
  const { gateway } = usePartners();
  const client = useQueryClient();
  const path = `/v1/markets/${symbol}/band`;
  return useMutation({
    mutationFn: (band: Model<'BandRequest'> | null) =>
      band === null
        ? gateway.request(path, { method: 'DELETE' })
        : gateway.request(path, { method: 'PUT', body: band }),
    // Said here, since whoever asked may have closed the form meanwhile.
    onSuccess: (_, band) =>
      toast.success(`${symbol}: ${band ? 'band set' : 'configured band restored'}`),
    onError: (error) => toast.error(`${symbol}: ${error.message}`),
    // Where nobody answered it may have been set all the same: look, whatever came of it.
    onSettled: () => client.invalidateQueries({ queryKey: ['markets'] }),
  });
}
