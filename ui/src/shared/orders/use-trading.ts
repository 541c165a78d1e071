/** What one can do with orders, with a word about how it went. */

import { useMemo } from 'react';
import { toast } from 'sonner';
import { shown } from '../amounts/amounts';
import type { ApiError } from '../api/api-error';
import type { Gateway } from '../api/request';
import { usePartners } from '../live/live-context';
import type { Market } from '../markets/markets';
import { useTicket } from '../ticket/ticket-store';
import { cancelAll, cancelOrder, type NewOrder, newClientId, placeOrder } from './send-order';

/** Two presses within this time that send the same are one: a double click, a bounced Enter. */
export const ONE_PRESS_MS = 500;

export interface Trading {
  /** Does nothing while just such an order is on its way. */
  place: (order: Omit<NewOrder, 'symbol'>) => Promise<void>;
  /** These do nothing while the same is being cancelled already. */
  cancel: (id: number) => Promise<void>;
  cancelAll: () => Promise<void>;
}

/** The same functions as long as the market is the same. */
export function useTrading(market: Market): Trading {
  const { gateway } = usePartners();
  return useMemo(() => tradingIn(market, gateway), [market, gateway]);
}

function tradingIn(market: Market, gateway: Gateway): Trading {
  const { symbol } = market;
  const { begin, end } = useTicket.getState();
  return {
    place: async (order) => {
      const same = `${symbol}: ${Object.values(order).join(' ')}`;
      if (!begin(same)) return;
      const pressed = new Promise((resolve) => setTimeout(resolve, ONE_PRESS_MS));
      const clientId = newClientId();
      const words = `${order.side} ${order.quantity} ${symbol}`;
      const id = toast.loading(`${words}: PENDING_VALIDATION`);
      try {
        const placed = await placeOrder(gateway, { symbol, ...order }, clientId);
        const filled = shown(placed.filled, market.quantityDecimals);
        toast.success(`${words}: ${placed.status}, ${filled} filled`, { id });
      } catch (error) {
        toast.error(`${words}: ${reasonOf(error)}`, { id });
      } finally {
        void pressed.then(() => end(same));
      }
    },
    cancel: (id) =>
      once(`${id}`, `Order ${id} not cancelled`, async () => {
        await cancelOrder(gateway, symbol, id);
        return `Order ${id} cancelled`;
      }),
    cancelAll: () =>
      once(symbol, 'Not all cancelled', async () => {
        const count = await cancelAll(gateway, symbol);
        if (count === 0) return 'No open orders';
        return `${count} ${count === 1 ? 'order' : 'orders'} cancelled`;
      }),
  };
}

/** What is being cancelled. To ask twice would be told as a failure, though nothing has failed. */
const cancelling = new Set<string>();

async function once(what: string, failed: string, cancel: () => Promise<string>): Promise<void> {
  if (cancelling.has(what)) return;
  cancelling.add(what);
  try {
    toast.success(await cancel());
  } catch (error) {
    toast.error(`${failed}: ${reasonOf(error)}`);
  } finally {
    cancelling.delete(what);
  }
}

function reasonOf(error: unknown): string {
  const { message, outcomeUnknown } = error as ApiError;
  return outcomeUnknown ? `outcome unknown. ${message} Look at the orders below.` : message;
}
