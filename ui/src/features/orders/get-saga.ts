/** GET /v1/orders/{id}/saga, again whenever something happened to an order. */

import { useQuery } from '@tanstack/react-query';
import { ApiError } from '../../shared/api/api-error';
import { usePartners } from '../../shared/live/live-context';
import { AFTER_EXECUTION } from '../../shared/orders/use-my-orders';
import { askAgainMs, type Saga } from './saga';

const NOT_FOUND = 404;

export function useSaga(orderId: number) {
  const { gateway } = usePartners();
  return useQuery({
    queryKey: [...AFTER_EXECUTION, 'saga', orderId],
    queryFn: ({ signal }) => gateway.request<Saga>(`/v1/orders/${orderId}/saga`, { signal }),
    refetchInterval: ({ state }) => {
      const forgotten = state.error instanceof ApiError && state.error.status === NOT_FOUND;
      return forgotten ? false : askAgainMs(state.data?.state);
    },
    retry: false,
  });
}
