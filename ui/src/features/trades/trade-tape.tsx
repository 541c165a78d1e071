/** The trades of a market as they happen, with an arrow beside the colour. */

import { memo, useMemo } from 'react';
import { shown } from '../../shared/amounts/amounts';
import type { Market } from '../../shared/markets/markets';
import { clockText } from '../../shared/time-text';
import { Panel } from '../../shared/view/panel';
import { RowList, type RowProps } from '../../shared/view/row-list';
import type { TapeTrade } from './tape';
import { useTape } from './use-tape';
import './trades.css';

const ROW_PX = 20;

interface Tape {
  trades: readonly TapeTrade[];
  market: Market;
}

export function TradeTape({ market }: { market: Market }) {
  const trades = useTape(market.symbol);
  const tape = useMemo(() => ({ trades, market }), [trades, market]);
  return (
    <Panel title="Trades" className="trade-tape">
      {trades.length === 0 ? (
        <p className="nothing">No trades yet.</p>
      ) : (
        <RowList
          label="Trades, the newest first"
          tabIndex={0}
          rows={trades.length}
          rowPx={ROW_PX}
          row={Row}
          data={tape}
        />
      )}
    </Panel>
  );
}

function Row({ index, place, data: { trades, market } }: RowProps<Tape>) {
  const trade = trades[index];
  if (!trade) return null;
  return (
    <div {...place} className={`tape-row ${trade.buyerTook ? 'up' : 'down'}`}>
      <Cells trade={trade} market={market} />
    </div>
  );
}

const Cells = memo(function Cells({ trade, market }: { trade: TapeTrade; market: Market }) {
  return (
    <>
      <span>
        {trade.buyerTook ? '▲' : '▼'} {shown(trade.price, market.priceDecimals)}
      </span>
      <span>{shown(trade.quantity, market.quantityDecimals)}</span>
      <time dateTime={new Date(trade.atMs).toISOString()}>{clockText(trade.atMs)}</time>
    </>
  );
});
