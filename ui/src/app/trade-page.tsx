/** The panels of one market. Their sizes are remembered. */

import { Group, Panel as Pane, Separator, useDefaultLayout } from 'react-resizable-panels';
import { OrderBook } from '../features/order-book/order-book';
import { TradeTape } from '../features/trades/trade-tape';
import type { Market } from '../shared/markets/markets';

export function TradePage({ market }: { market: Market }) {
  const columns = useDefaultLayout({ id: 'columns', storage: localStorage });
  return (
    <Group {...columns} id="columns" className="panes">
      <Pane id="book" minSize="220px">
        <OrderBook market={market} />
      </Pane>
      <Separator className="pane-line" />
      <Pane id="tape" minSize="200px">
        <TradeTape market={market} />
      </Pane>
    </Group>
  );
}
