/** Open orders, what ended, and fills, each behind a tab. */

import { useCallback, useState } from 'react';
import { useUser } from '../../shared/live/live-context';
import type { Market } from '../../shared/markets/markets';
import type { MyOrder } from '../../shared/orders/my-orders';
import { useMyOrdersQuery } from '../../shared/orders/use-my-orders';
import { useTrading } from '../../shared/orders/use-trading';
import { type AskedRows, Loaded } from '../../shared/view/loaded';
import { Panel } from '../../shared/view/panel';
import { Tabs } from '../../shared/view/tabs';
import { FillTable } from './fill-table';
import { useOrderHistory } from './get-history';
import { OrderTable, type OrderTableProps } from './order-table';
import './orders.css';

const TABS = ['Open orders', 'History', 'Fills'] as const;

export function OrdersPanel({ market, temporalUi }: { market: Market; temporalUi: string | null }) {
  const [tab, setTab] = useState<(typeof TABS)[number]>('Open orders');
  const user = useUser();
  const open = useMyOrdersQuery(market.symbol);
  const trading = useTrading(market);
  const onCancel = useCallback((id: number) => void trading.cancel(id), [trading]);
  const table = { market, temporalUi, onCancel };
  return (
    <Panel
      title="Orders"
      className="orders"
      controls={
        <>
          <Tabs tabs={TABS} chosen={tab} onChoose={setTab} />
          <button
            type="button"
            disabled={!user || open.data?.length === 0}
            onClick={() => void trading.cancelAll()}
          >
            Cancel all
          </button>
        </>
      }
    >
      {!user && <p className="nothing">Log in to see your orders.</p>}
      {user && tab === 'Open orders' && <Orders {...table} asked={open} caption={tab} />}
      {user && tab === 'History' && <History {...table} />}
      {user && tab === 'Fills' && <FillTable market={market} temporalUi={temporalUi} />}
    </Panel>
  );
}

type Asked = Omit<OrderTableProps, 'orders'> & { asked: AskedRows<MyOrder> };

function Orders({ asked, ...table }: Asked) {
  return (
    <Loaded asked={asked} none={`${table.caption}: none.`}>
      {(orders) => <OrderTable {...table} orders={orders} />}
    </Loaded>
  );
}

function History(table: Omit<Asked, 'asked' | 'caption'>) {
  const asked = useOrderHistory(table.market.symbol);
  return (
    <Orders {...table} asked={asked} caption="History" older={{ ...asked.older, what: 'orders' }} />
  );
}
