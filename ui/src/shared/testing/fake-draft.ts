/** What the ticket knows, and an order that keeps all rules, for tests of the ticket's calculations. */

import type { Draft } from '../ticket/draft';
import type { Facts } from '../ticket/facts';
import { BTCUSDT } from './fake-partners';

export const FACTS: Facts = {
  market: BTCUSDT,
  live: true,
  sending: false,
  funds: null,
  bid: '49999.00',
  ask: '50001.00',
  lastPrice: '50000.00000000',
  takerRate: '0.00100000',
  open: { orders: 0, conditional: 0 },
};

export const DRAFT: Draft = {
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  price: '50000',
  stopPrice: '',
  quantity: '0.01',
};
