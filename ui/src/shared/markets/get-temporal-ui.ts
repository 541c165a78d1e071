/** Where Temporal's web UI is, from GET /v1/health; null until it is known. */

import { useQuery } from '@tanstack/react-query';
import type { Model } from '../api/answer';
import { usePartners } from '../live/live-context';

export function useTemporalUi(): string | null {
  const { gateway } = usePartners();
  const { data } = useQuery({
    queryKey: ['temporal-ui'],
    queryFn: ({ signal }) => gateway.request<Model<'HealthInfo'>>('/v1/health', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return data?.temporal_ui ?? null;
}
