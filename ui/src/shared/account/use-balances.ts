/** The user's balances: from REST, then live; asked for again after each reconnection. */

import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Model } from '../api/answer';
import { Meanwhile } from '../api/meanwhile';
import { useOnConnection } from '../api/use-on-connection';
import { useRefresh } from '../api/use-refresh';
import { usePartners, useUser } from '../live/live-context';
import { useTopic } from '../live/use-topic';
import { type AccountPosition, type Balance, withPosition } from './balances';

const BALANCES = ['balances'];
/** The ledger's statement: it changes whenever a balance does. */
export const STATEMENT = ['statement'];

/** Positions that came while the balances were asked for. */
const meanwhile = new Meanwhile<AccountPosition>();

/** Not there yet, not to be had and none are three things. */
export function useBalancesQuery(): UseQueryResult<readonly Balance[]> {
  const { gateway } = usePartners();
  const name = useUser()?.name ?? '';
  return useQuery({
    queryKey: [...BALANCES, name],
    queryFn: ({ signal }) =>
      meanwhile.ask(
        name,
        (): Promise<readonly Balance[]> =>
          gateway.request<readonly Model<'BalanceInfo'>[]>('/v1/balances', { signal }),
        withPosition,
      ),
    enabled: name !== '',
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Keeps what useBalancesQuery shows current. Once for the whole page. */
export function useFollowBalances(): void {
  const name = useUser()?.name ?? '';
  const client = useQueryClient();
  const refresh = useRefresh(STATEMENT);
  useTopic(name ? '/user/queue/balances' : null, ({ body }) => {
    const position = body as AccountPosition;
    if (position.e !== 'outboundAccountPosition') return;
    meanwhile.tell(name, position);
    client.setQueryData<readonly Balance[]>([...BALANCES, name], (balances) =>
      balances ? withPosition(balances, position) : balances,
    );
    refresh();
  });
  useOnConnection(() => {
    void client.invalidateQueries({ queryKey: BALANCES });
    void client.invalidateQueries({ queryKey: STATEMENT });
  });
}
