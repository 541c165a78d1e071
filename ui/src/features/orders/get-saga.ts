/** GET /v1/orders/{id}/saga, again whenever something happened to an order. */

import { useQuery } from '@tanstack/react-query';
import { usePartners } from '../../shared/live/live-context';
import { AFTER_EXECUTION } from '../../shared/orders/use-my-orders';
import { askAgainMs, type Saga } from './saga';

export function useSaga(orderId: number) {
  const { gateway } = usePartners();
  return useQuery({
    queryKey: [...AFTER_EXECUTION, 'saga', orderId],
    queryFn: ({ signal }) => gateway.request<Saga>(`/v1/orders/${orderId}/saga`, { signal }),
    refetchInterval: ({ state }) => askAgainMs(state.data?.state, state.error),
    retry: false,
  });
}
