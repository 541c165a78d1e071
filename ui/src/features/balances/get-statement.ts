/** GET /v1/ledger: the user's postings, newest first. */

import { useQuery } from '@tanstack/react-query';
import { STATEMENT } from '../../shared/account/use-balances';
import type { Model } from '../../shared/api/answer';
import { usePartners, useUser } from '../../shared/live/live-context';

const ROWS = 100;

export function useStatement(currency: string): readonly Model<'LedgerLine'>[] {
  const { gateway } = usePartners();
  const user = useUser();
  const { data } = useQuery({
    queryKey: [...STATEMENT, currency, user?.name],
    queryFn: ({ signal }) =>
      gateway.request<Model<'LedgerLine'>[]>('/v1/ledger', {
        parameters: { currency, limit: ROWS },
        signal,
      }),
    enabled: user !== null,
  });
  return data ?? [];
}
