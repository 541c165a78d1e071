/** The trades of a market as they happen, with an arrow beside the colour. */

import { List, type RowComponentProps } from 'react-window';
import { shown } from '../../shared/amounts/amounts';
import type { Market } from '../../shared/markets/markets';
import { clockText } from '../../shared/time-text';
import { Panel } from '../../shared/view/panel';
import type { TapeTrade } from './tape';
import { useTape } from './use-tape';
import './trades.css';

const ROW_PX = 20;

export function TradeTape({ market }: { market: Market }) {
  const trades = useTape(market.symbol);
  return (
    <Panel title="Trades" className="trade-tape">
      {trades.length === 0 ? (
        <p className="nothing">No trades yet.</p>
      ) : (
        <List
          aria-label="Trades, the newest first"
          tabIndex={0}
          rowComponent={Row}
          rowCount={trades.length}
          rowHeight={ROW_PX}
          rowProps={{ trades, market }}
        />
      )}
    </Panel>
  );
}

function Row({
  index,
  style,
  ariaAttributes,
  trades,
  market,
}: RowComponentProps<{ trades: readonly TapeTrade[]; market: Market }>) {
  const trade = trades[index];
  if (!trade) return null;
  return (
    <div
      {...ariaAttributes}
      style={style}
      className={`tape-row ${trade.buyerTook ? 'up' : 'down'}`}
    >
      <span>
        {trade.buyerTook ? '▲' : '▼'} {shown(trade.price, market.priceDecimals)}
      </span>
      <span>{shown(trade.quantity, market.quantityDecimals)}</span>
      <time dateTime={new Date(trade.atMs).toISOString()}>{clockText(trade.atMs)}</time>
    </div>
  );
}
