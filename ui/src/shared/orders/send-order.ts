/**
 * Placing and cancelling. Every order has a client id of ours, so that the same request may be
 * sent again: where the answer is lost the outcome is asked for, never guessed.
 */

import type { ApiError } from '../api/api-error';
import type { Gateway } from '../api/request';
import { fromRow, type MyOrder, type OrderRow } from './my-orders';

export interface NewOrder {
  symbol: string;
  side: 'BUY' | 'SELL';
  type: string;
  quantity: string;
  price?: string;
  stopPrice?: string;
  timeInForce?: string;
}

const ASK_AGAIN_MS = 1_000;
const ASK_TIMES = 15;
const NO_SUCH_ORDER = -2013;
const NOTHING_TO_CANCEL = -2011;

type Pause = (ms: number) => Promise<void>;
const wait: Pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The order as it was accepted. Throws ApiError: refused, or unknown even after asking. */
export async function placeOrder(
  gateway: Gateway,
  order: NewOrder,
  clientId: string,
  pause: Pause = wait,
): Promise<MyOrder> {
  const parameters = { ...order, newClientOrderId: clientId, newOrderRespType: 'RESULT' };
  try {
    const row = await gateway.request<OrderRow & { transactTime: number }>('/api/v3/order', {
      method: 'POST',
      parameters,
    });
    return fromRow({ ...row, time: row.transactTime, updateTime: row.transactTime });
  } catch (error) {
    const failure = error as ApiError;
    if (!failure.outcomeUnknown) throw failure;
    return outcomeOf(gateway, order.symbol, clientId, failure, pause);
  }
}

async function outcomeOf(
  gateway: Gateway,
  symbol: string,
  clientId: string,
  failure: ApiError,
  pause: Pause,
): Promise<MyOrder> {
  for (let attempt = 0; attempt < ASK_TIMES; attempt += 1) {
    await pause(ASK_AGAIN_MS);
    try {
      const parameters = { symbol, origClientOrderId: clientId };
      return fromRow(await gateway.request<OrderRow>('/api/v3/order', { parameters }));
    } catch (error) {
      const { code, outcomeUnknown } = error as ApiError;
      if (code !== NO_SUCH_ORDER && !outcomeUnknown) throw error;
    }
  }
  throw failure;
}

export async function cancelOrder(gateway: Gateway, symbol: string, id: number): Promise<void> {
  const parameters = { symbol, orderId: id };
  await gateway.request('/api/v3/order', { method: 'DELETE', parameters });
}

/** An order, or a list of orders that was cancelled as one. */
interface Gone {
  orderReports?: readonly object[];
}

/** How many orders were cancelled. */
export async function cancelAll(gateway: Gateway, symbol: string): Promise<number> {
  try {
    const parameters = { symbol };
    const gone = await gateway.request<Gone[]>('/api/v3/openOrders', {
      method: 'DELETE',
      parameters,
    });
    return gone.reduce((count, { orderReports }) => count + (orderReports?.length ?? 1), 0);
  } catch (error) {
    if ((error as ApiError).code === NOTHING_TO_CANCEL) return 0;
    throw error;
  }
}

/** Short, unique in a lifetime, of the characters that a client id may have. */
export function newClientId(): string {
  return `ui-${crypto.randomUUID().replaceAll('-', '').slice(0, 24)}`;
}
