/** What one can do with orders, with a word about how it went. */

import { toast } from 'sonner';
import { shown } from '../amounts/amounts';
import type { ApiError } from '../api/api-error';
import { usePartners } from '../live/live-context';
import type { Market } from '../markets/markets';
import { cancelAll, cancelOrder, type NewOrder, newClientId, placeOrder } from './send-order';

export interface Trading {
  place: (order: Omit<NewOrder, 'symbol'>) => Promise<void>;
  cancel: (id: number) => Promise<void>;
  cancelAll: () => Promise<void>;
}

export function useTrading(market: Market): Trading {
  const { gateway } = usePartners();
  const { symbol } = market;
  return {
    place: async (order) => {
      const clientId = newClientId();
      const words = `${order.side} ${order.quantity} ${symbol}`;
      const id = toast.loading(`${words}: PENDING_VALIDATION`);
      try {
        const placed = await placeOrder(gateway, { symbol, ...order }, clientId);
        const filled = shown(placed.filled, market.quantityDecimals);
        toast.success(`${words}: ${placed.status}, ${filled} filled`, { id });
      } catch (error) {
        toast.error(`${words}: ${reasonOf(error)}`, { id });
      }
    },
    cancel: async (id) => {
      try {
        await cancelOrder(gateway, symbol, id);
        toast.success(`Order ${id} cancelled`);
      } catch (error) {
        toast.error(`Order ${id} not cancelled: ${reasonOf(error)}`);
      }
    },
    cancelAll: async () => {
      try {
        const count = await cancelAll(gateway, symbol);
        toast.success(count ? `${count} orders cancelled` : 'No open orders');
      } catch (error) {
        toast.error(`Not all cancelled: ${reasonOf(error)}`);
      }
    },
  };
}

function reasonOf(error: unknown): string {
  const { message, outcomeUnknown } = error as ApiError;
  return outcomeUnknown ? `outcome unknown. ${message} Look at the orders below.` : message;
}
