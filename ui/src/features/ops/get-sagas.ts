/** GET /v1/ops/sagas: what runs, what is stuck, what people must look at. */

import { useQuery } from '@tanstack/react-query';
import type { Model } from '../../shared/api/answer';
import { usePartners } from '../../shared/live/live-context';

export const SHOWN = ['running', 'stuck', 'incidents', 'failed'] as const;
export type Shown = (typeof SHOWN)[number];

const REFRESH_MS = 5_000;
const ROWS = 200;

export function useSagas(show: Shown) {
  const { gateway } = usePartners();
  return useQuery({
    queryKey: ['sagas', show],
    queryFn: ({ signal }) =>
      gateway.request<Model<'FoundSaga'>[]>('/v1/ops/sagas', {
        parameters: { show, limit: ROWS },
        signal,
      }),
    refetchInterval: REFRESH_MS,
  });
}
