/** Orders in rows; a row opens to its saga. */

import { Fragment, useState } from 'react';
import { shown } from '../../shared/amounts/amounts';
import type { Market } from '../../shared/markets/markets';
import { isOpen, type MyOrder } from '../../shared/orders/my-orders';
import { dateClockText } from '../../shared/time-text';
import { averageText, priceText } from './price-text';
import { SagaStory } from './saga-story';
import { inWords } from './words';

export interface OrderTableProps {
  orders: readonly MyOrder[];
  market: Market;
  temporalUi: string | null;
  onCancel: (id: number) => void;
  caption: string;
}

const COLUMNS = 9;

export function OrderTable({ orders, market, temporalUi, onCancel, caption }: OrderTableProps) {
  const [told, setTold] = useState<number | null>(null);
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
          <th scope="col">Average</th>
          <th scope="col">Status</th>
          <th scope="col">
            <span className="unseen">Action or reason</span>
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
                  {dateClockText(order.createdMs)}
                </button>
              </td>
              <td className={order.side}>{order.side}</td>
              <td>{order.type}</td>
              <td>{priceText(order, market)}</td>
              <td>{shown(order.quantity, market.quantityDecimals)}</td>
              <td>{shown(order.filled, market.quantityDecimals)}</td>
              <td>{averageText(order, market)}</td>
              <td className="status">{order.status}</td>
              <td>
                {order.reason && inWords(order.reason)}
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
