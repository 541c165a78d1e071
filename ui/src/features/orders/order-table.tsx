/** Orders in rows; a row opens to its saga. */

import { type ReactNode, useMemo } from 'react';
import { shown } from '../../shared/amounts/amounts';
import type { Older } from '../../shared/api/use-pages';
import type { Market } from '../../shared/markets/markets';
import { isOpen, type MyOrder } from '../../shared/orders/my-orders';
import { dateClockText } from '../../shared/time-text';
import { LongTable } from '../../shared/view/long-table';
import type { Column } from '../../shared/view/use-texts';
import { averageText, priceText } from './price-text';
import { SagaStory } from './saga-story';
import { inWords } from './words';

export interface OrderTableProps {
  orders: readonly MyOrder[];
  market: Market;
  temporalUi: string | null;
  /** The same each time. */
  onCancel: (id: number) => void;
  caption: string;
  older?: Older & { what: string };
}

const idOf = ({ id }: MyOrder) => id;

export function OrderTable({ orders, market, temporalUi, onCancel, ...table }: OrderTableProps) {
  const columns = useMemo(() => columnsOf(market, onCancel), [market, onCancel]);
  return (
    <LongTable
      {...table}
      columns={columns}
      rows={orders}
      keyOf={idOf}
      more={({ id }) => <SagaStory orderId={id} temporalUi={temporalUi} />}
    />
  );
}

function columnsOf(market: Market, onCancel: (id: number) => void): Column<MyOrder>[] {
  const quantityText = (quantity: string) => shown(quantity, market.quantityDecimals);
  return [
    { name: 'Time', text: ({ createdMs }) => dateClockText(createdMs) },
    { name: 'Side', text: ({ side }) => side, className: ({ side }) => side },
    { name: 'Type', text: ({ type }) => type },
    { name: 'Price', text: (order) => priceText(order, market) },
    { name: 'Quantity', text: ({ quantity }) => quantityText(quantity) },
    { name: 'Filled', text: ({ filled }) => quantityText(filled) },
    { name: 'Average', text: (order) => averageText(order, market) },
    { name: 'Status', text: ({ status }) => status, className: () => 'status' },
    {
      name: 'Action or reason',
      isUnseen: true,
      text: (order) => reasonText(order) || (isOpen(order) ? CANCEL : ''),
      cell: (order) => <ActionOrReason order={order} onCancel={onCancel} />,
    },
  ];
}

const CANCEL = 'Cancel';

const reasonText = ({ reason }: MyOrder) => (reason ? inWords(reason) : '');

interface ActionOrReasonProps {
  order: MyOrder;
  onCancel: (id: number) => void;
}

function ActionOrReason({ order, onCancel }: ActionOrReasonProps): ReactNode {
  return (
    <>
      {reasonText(order)}
      {isOpen(order) && (
        <button type="button" onClick={() => onCancel(order.id)}>
          {CANCEL}
        </button>
      )}
    </>
  );
}
