/**
 * The panels of one market: side by side, their sizes remembered, or where the window is narrow
 * one below the other.
 */

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
import { useNarrow } from './use-narrow';

export function TradePage({ market }: { market: Market }) {
  const temporalUi = useTemporalUi();
  const isNarrow = useNarrow();
  const candles = { name: 'candles', percent: 72, content: <CandleChart market={market} /> };
  const depth = { name: 'depth', percent: 28, content: <DepthChart market={market} /> };
  const ladder = { name: 'ladder', percent: 50, content: <Ladder market={market} /> };
  const tape = { name: 'tape', percent: 50, content: <TradeTape market={market} /> };
  const book = { name: 'book', percent: 18, content: <OrderBook market={market} /> };
  const ticket = { name: 'ticket', percent: 20, content: <OrderTicket market={market} /> };
  const orders = {
    name: 'orders',
    percent: 70,
    content: <OrdersPanel market={market} temporalUi={temporalUi} />,
  };
  const balances = { name: 'balances', percent: 30, content: <BalancesPanel market={market} /> };
  if (isNarrow) {
    return <Stack panes={[candles, ticket, book, orders, balances, tape, ladder, depth]} />;
  }
  const charts: Panes = [candles, depth];
  const prices: Panes = [ladder, tape];
  const upper: Panes = [
    { name: 'charts', percent: 44, content: <Split id="charts" vertical panes={charts} /> },
    book,
    { name: 'prices', percent: 18, content: <Split id="prices" vertical panes={prices} /> },
    ticket,
  ];
  const lower: Panes = [orders, balances];
  const page: Panes = [
    { name: 'upper', percent: 68, content: <Split id="upper" panes={upper} /> },
    { name: 'lower', percent: 32, content: <Split id="lower" panes={lower} /> },
  ];
  return <Split id="page" vertical panes={page} />;
}

type Panes = ReadonlyArray<{ name: string; percent: number; content: ReactNode }>;

const LEAST = '80px';

/** One below the other; what does not fit is scrolled to. */
function Stack({ panes }: { panes: Panes }) {
  return (
    <div className="stack">
      {panes.map(({ name, content }) => (
        <div key={name} className={`stacked stacked-${name}`}>
          {content}
        </div>
      ))}
    </div>
  );
}

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
