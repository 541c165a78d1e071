/** The order book: asks above, bids below, the spread between them. A click fills the ticket. */

import { useCallback, useState } from 'react';
import { useLiveBook } from '../../shared/live/use-live-book';
import { gridOf } from '../../shared/markets/grid';
import { groupings } from '../../shared/markets/groups';
import type { Market } from '../../shared/markets/markets';
import { useTicket } from '../../shared/ticket/ticket-store';
import { Panel } from '../../shared/view/panel';
import { Asks, Bids } from './book-side';
import type { BookSide } from './level-row';
import './order-book.css';

const LEVELS = 200;

export function OrderBook({ market }: { market: Market }) {
  const [groupTicks, setGroupTicks] = useState(1);
  const view = useLiveBook(market, LEVELS, groupTicks);
  const setPrice = useTicket((ticket) => ticket.setPrice);
  const setSide = useTicket((ticket) => ticket.setSide);
  const pick = useCallback(
    (price: string, side: BookSide) => {
      setPrice(price);
      // Who clicks an ask wants to buy at that price.
      setSide(side === 'ask' ? 'BUY' : 'SELL');
    },
    [setPrice, setSide],
  );
  const shared = { deepest: view.deepest, market, onPick: pick };
  const { bestBid, bestAsk } = view;
  const price = gridOf(market.tick);

  return (
    <Panel
      title="Order book"
      className="order-book"
      controls={
        <select
          aria-label="Group prices by"
          value={groupTicks}
          onChange={(event) => setGroupTicks(Number(event.target.value))}
        >
          {groupings(market.tick).map(({ ticks, label }) => (
            <option key={ticks} value={ticks}>
              {label}
            </option>
          ))}
        </select>
      }
    >
      <div className="book-head" aria-hidden="true">
        <span>Price {market.quote}</span>
        <span>Quantity {market.base}</span>
        <span>Total</span>
      </div>
      <Asks levels={view.asks} {...shared} />
      <div className="book-spread" data-update={view.updateId}>
        <strong>{bestBid === null ? '–' : price.text(bestBid)}</strong>
        <span>
          {bestBid === null || bestAsk === null
            ? 'one-sided'
            : `spread ${price.text(bestAsk - bestBid)}`}
        </span>
      </div>
      <Bids levels={view.bids} {...shared} />
    </Panel>
  );
}
