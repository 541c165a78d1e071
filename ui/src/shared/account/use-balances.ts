/** The user's balances: from REST, then live; asked for again after each reconnection. */

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Answer } from '../api/answer';
import { useLiveState, usePartners, useUser } from '../live/live-context';
import { useTopic } from '../live/use-topic';
import { type AccountPosition, type Balance, withPosition } from './balances';

const BALANCES = ['balances'];
/** The ledger's statement: it changes whenever a balance does. */
export const STATEMENT = ['statement'];
const NONE: readonly Balance[] = [];

export function useBalances(): readonly Balance[] {
  const { gateway } = usePartners();
  const user = useUser();
  const { data = NONE } = useQuery({
    queryKey: [...BALANCES, user?.name],
    queryFn: async ({ signal }) =>
      (await gateway.request<Answer<'/v1/balances', 'get'>>('/v1/balances', {
        signal,
      })) as readonly Balance[],
    enabled: user !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return user ? data : NONE;
}

/** Keeps what useBalances shows current. Once for the whole page. */
export function useFollowBalances(): void {
  const user = useUser();
  const state = useLiveState();
  const client = useQueryClient();
  useTopic(user ? '/user/queue/balances' : null, ({ body }) => {
    const position = body as AccountPosition;
    if (position.e !== 'outboundAccountPosition') return;
    client.setQueryData<readonly Balance[]>([...BALANCES, user?.name], (balances) =>
      balances ? withPosition(balances, position) : balances,
    );
    void client.invalidateQueries({ queryKey: STATEMENT });
  });
  const connected = state === 'live' || state === 'stale';
  useEffect(() => {
    if (connected) void client.invalidateQueries({ queryKey: BALANCES });
  }, [client, connected]);
}
