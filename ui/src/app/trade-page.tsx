/** The panels of one market. Their sizes are remembered. */

import { Fragment, type ReactNode } from 'react';
import { Group, Panel as Pane, Separator, useDefaultLayout } from 'react-resizable-panels';
import { BalancesPanel } from '../features/balances/balances-panel';
import { CandleChart } from '../features/candles/candle-chart';
import { DepthChart } from '../features/depth-chart/depth-chart';
import { Ladder } from '../features/ladder/ladder';
import { OrderBook } from '../features/order-book/order-book';
import { OrderTicket } from '../features/order-ticket/order-ticket';
import { OrdersPanel } from '../features/orders/orders-panel';
import { TradeTape } from '../features/trades/trade-tape';
import { useTemporalUi } from '../shared/markets/get-temporal-ui';
import type { Market } from '../shared/markets/markets';

export function TradePage({ market }: { market: Market }) {
  const temporalUi = useTemporalUi();
  const charts: Panes = [
    { name: 'candles', percent: 72, content: <CandleChart market={market} /> },
    { name: 'depth', percent: 28, content: <DepthChart market={market} /> },
  ];
  const prices: Panes = [
    { name: 'ladder', percent: 50, content: <Ladder market={market} /> },
    { name: 'tape', percent: 50, content: <TradeTape market={market} /> },
  ];
  const upper: Panes = [
    { name: 'charts', percent: 44, content: <Split id="charts" vertical panes={charts} /> },
    { name: 'book', percent: 18, content: <OrderBook market={market} /> },
    { name: 'prices', percent: 18, content: <Split id="prices" vertical panes={prices} /> },
    { name: 'ticket', percent: 20, content: <OrderTicket market={market} /> },
  ];
  const orders = <OrdersPanel market={market} temporalUi={temporalUi} />;
  const lower: Panes = [
    { name: 'orders', percent: 70, content: orders },
    { name: 'balances', percent: 30, content: <BalancesPanel market={market} /> },
  ];
  const page: Panes = [
    { name: 'upper', percent: 68, content: <Split id="upper" panes={upper} /> },
    { name: 'lower', percent: 32, content: <Split id="lower" panes={lower} /> },
  ];
  return <Split id="page" vertical panes={page} />;
}

type Panes = ReadonlyArray<{ name: string; percent: number; content: ReactNode }>;

const LEAST = '80px';

function Split({ id, vertical = false, panes }: { id: string; vertical?: boolean; panes: Panes }) {
  const layout = useDefaultLayout({ id, storage: localStorage });
  return (
    <Group {...layout} id={id} orientation={vertical ? 'vertical' : 'horizontal'} className="panes">
      {panes.map(({ name, percent, content }, n) => (
        <Fragment key={name}>
          {n > 0 && <Separator className="pane-line" aria-label={`Size of ${name}`} />}
          <Pane id={`${id}-${name}`} defaultSize={`${percent}%`} minSize={LEAST}>
            {content}
          </Pane>
        </Fragment>
      ))}
    </Group>
  );
}
