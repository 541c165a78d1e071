/** One order for tests, in each form in which the gateway tells it. */

import type { Model } from '../api/answer';
import type { ExecutionReport, OrderRow } from '../orders/my-orders';

/** As `/api/v3` has it. */
export const ROW: OrderRow = {
  orderId: 7,
  clientOrderId: 'mine',
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  price: '1.00000000',
  origQty: '2.00000000',
  executedQty: '0.00000000',
  cummulativeQuoteQty: '0.00000000',
  status: 'NEW',
  time: 5,
  updateTime: 5,
};

/** As `/v1` has it. */
export const INFO: Model<'OrderInfo'> = {
  order_id: 7,
  client_order_id: 'mine',
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'LIMIT',
  time_in_force: 'GTC',
  price: '1.00000000',
  quantity: '2.00000000',
  filled_quantity: '0.00000000',
  filled_quote: '0.00000000',
  quote_quantity: '0.00000000',
  stop_price: '0.00000000',
  iceberg_quantity: '0.00000000',
  self_trade_prevention: 'NONE',
  expires_at_ms: 0,
  list_id: 0,
  status: 'OPEN',
  refusal: null,
  expiry: null,
  created_at_ms: 5,
  updated_at_ms: 6,
};

/** As it is told live. */
export const REPORT: ExecutionReport = {
  e: 'executionReport',
  E: 9,
  s: 'BTCUSDT',
  c: 'mine',
  C: '',
  S: 'BUY',
  o: 'LIMIT',
  f: 'GTC',
  q: '2.00000000',
  p: '1.00000000',
  P: '0.00000000',
  x: 'NEW',
  X: 'NEW',
  i: 7,
  l: '0.00000000',
  z: '0.00000000',
  L: '0.00000000',
  Z: '0.00000000',
  O: 5,
  T: 5,
};
