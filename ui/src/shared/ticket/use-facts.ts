/** What an order in a market is held against now, for the ticket and the armed ladder alike. */

import { availableOf } from '../account/balances';
import { useBalances } from '../account/use-balances';
import { useLiveState, useUser } from '../live/live-context';
import type { Market } from '../markets/markets';
import { useMyOrders } from '../orders/use-my-orders';
import type { Facts } from './facts';
import { useTicket } from './ticket-store';
import { useBestPrices } from './use-best-prices';
import { useLastPrice } from './use-last-price';
import { useTakerRate } from './use-taker-rate';

export function useFacts(market: Market): Facts {
  const user = useUser();
  const balances = useBalances();
  const state = useLiveState();
  const orders = useMyOrders(market.symbol);
  const sending = useTicket((ticket) =>
    ticket.sending.some((order) => order.startsWith(`${market.symbol}:`)),
  );
  return {
    market,
    live: state === 'live',
    sending,
    funds: user && {
      base: availableOf(balances, market.base),
      quote: availableOf(balances, market.quote),
    },
    ...useBestPrices(market),
    lastPrice: useLastPrice(market.symbol),
    takerRate: useTakerRate(market.symbol),
    open: {
      orders: orders.length,
      conditional: orders.filter(({ stopPrice }) => Number(stopPrice) > 0).length,
    },
  };
}
