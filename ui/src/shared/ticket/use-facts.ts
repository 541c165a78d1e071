/** What an order in a market is held against now, for the ticket and the armed ladder alike. */

import { availableOf, type Balance } from '../account/balances';
import { useBalancesQuery } from '../account/use-balances';
import { useLiveState, useUser } from '../live/live-context';
import type { Market } from '../markets/markets';
import { useMyOrders } from '../orders/use-my-orders';
import type { Facts, Funds } from './facts';
import { useTicket } from './ticket-store';
import { useBestPrices } from './use-best-prices';
import { useLastPrice } from './use-last-price';
import { useTakerRate } from './use-taker-rate';

export function useFacts(market: Market): Facts {
  const user = useUser();
  const { data: balances } = useBalancesQuery();
  const state = useLiveState();
  const orders = useMyOrders(market.symbol);
  const sending = useTicket((ticket) =>
    ticket.sending.some((order) => order.startsWith(`${market.symbol}:`)),
  );
  return {
    market,
    live: state === 'live',
    sending,
    // Balances that are on their way, or were not to be had, are not balances of zero.
    funds: user && balances && fundsIn(market, balances),
    ...useBestPrices(market),
    lastPrice: useLastPrice(market.symbol),
    takerRate: useTakerRate(market.symbol),
    open: {
      orders: orders.length,
      conditional: orders.filter(({ stopPrice }) => Number(stopPrice) > 0).length,
    },
  };
}

function fundsIn({ base, quote }: Market, balances: readonly Balance[]): Funds {
  return { base: availableOf(balances, base), quote: availableOf(balances, quote) };
}
