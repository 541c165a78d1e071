/** GET /v1/ledger: the user's postings, newest first. */

import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { STATEMENT } from '../../shared/account/use-balances';
import type { Model } from '../../shared/api/answer';
import { usePartners, useUser } from '../../shared/live/live-context';

const ROWS = 100;

export type LedgerLine = Model<'LedgerLine'>;

export function useStatement(currency: string): UseQueryResult<readonly LedgerLine[]> {
  const { gateway } = usePartners();
  const user = useUser();
  return useQuery({
    queryKey: [...STATEMENT, currency, user?.name],
    queryFn: ({ signal }) =>
      gateway.request<readonly LedgerLine[]>('/v1/ledger', {
        parameters: { currency, limit: ROWS },
        signal,
      }),
    enabled: user !== null,
  });
}
