/** GET /v1/audit/actions and /failures. */

import { useQuery } from '@tanstack/react-query';
import type { Model } from '../../shared/api/answer';
import { usePartners } from '../../shared/live/live-context';
import { type Question, requestOf } from './question';

export function useLines(question: Question | null, page: number) {
  const { gateway } = usePartners();
  const request = question && requestOf(question, page);
  return useQuery({
    queryKey: ['audit', question, page],
    queryFn: ({ signal }) => {
      if (!request) throw new Error('Say whose actions, and between which times.');
      const { path, parameters } = request;
      return gateway.request<Model<'AuditLineInfo'>[]>(path, { parameters, signal });
    },
    enabled: question !== null,
    retry: false,
  });
}
