/** Orders in rows; a row opens to its saga. */

import { Fragment, useState } from 'react';
import { shown } from '../../shared/amounts/amounts';
import type { Market } from '../../shared/markets/markets';
import { isOpen, type MyOrder } from '../../shared/orders/my-orders';
import { clockText } from '../../shared/time-text';
import { SagaStory } from './saga-story';

export interface OrderTableProps {
  orders: readonly MyOrder[];
  market: Market;
  temporalUi: string | null;
  onCancel: (id: number) => void;
  caption: string;
}

const COLUMNS = 8;

export function OrderTable({ orders, market, temporalUi, onCancel, caption }: OrderTableProps) {
  const [told, setTold] = useState<number | null>(null);
  if (!orders.length) return <p className="nothing">{caption}: none.</p>;
  return (
    <table className="rows">
      <caption className="unseen">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Side</th>
          <th scope="col">Type</th>
          <th scope="col">Price</th>
          <th scope="col">Quantity</th>
          <th scope="col">Filled</th>
          <th scope="col">Status</th>
          <th scope="col">
            <span className="unseen">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {orders.map((order) => (
          <Fragment key={order.id}>
            <tr data-order={order.id}>
              <td>
                <button
                  type="button"
                  className="tell"
                  aria-expanded={told === order.id}
                  onClick={() => setTold(told === order.id ? null : order.id)}
                >
                  {clockText(order.createdMs)}
                </button>
              </td>
              <td className={order.side}>{order.side}</td>
              <td>{order.type}</td>
              <td>{Number(order.price) ? shown(order.price, market.priceDecimals) : 'market'}</td>
              <td>{shown(order.quantity, market.quantityDecimals)}</td>
              <td>{shown(order.filled, market.quantityDecimals)}</td>
              <td className="status">{order.status}</td>
              <td>
                {isOpen(order) && (
                  <button type="button" onClick={() => onCancel(order.id)}>
                    Cancel
                  </button>
                )}
              </td>
            </tr>
            {told === order.id && (
              <tr>
                <td colSpan={COLUMNS}>
                  <SagaStory orderId={order.id} temporalUi={temporalUi} />
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}
