/** One price of the ladder, drawn anew only when what it shows has changed. */

import { memo, type RefObject } from 'react';
import { gridOf } from '../../shared/markets/grid';
import type { Market } from '../../shared/markets/markets';
import { leaveKeyboard } from '../../shared/ticket/keyboard-focus';
import type { Side } from '../../shared/ticket/ticket-store';
import type { RowProps } from '../../shared/view/row-list';
import type { LadderRow, Own } from './ladder-rows';

export interface Acts {
  pick: (side: Side, price: string) => void;
  drop: (own: Own) => void;
}

interface LineProps {
  row: LadderRow;
  market: Market;
  acts: RefObject<Acts>;
}

export interface LadderLines extends Omit<LineProps, 'row'> {
  rows: readonly LadderRow[];
}

/** In a virtual list, by its number from the top. */
export function LadderPlace({ index, place, data }: RowProps<LadderLines>) {
  const row = data.rows[index];
  if (!row) return null;
  return (
    // Of a table whose rows are drawn as they come into sight; the heading is its first row.
    <div style={place.style} className="ladder-row" role="row" aria-rowindex={index + 2}>
      <LadderLine row={row} market={data.market} acts={data.acts} />
    </div>
  );
}

const LadderLine = memo(
  function LadderLine({ row, market, acts }: LineProps) {
    const { price, bid, ask, own, stops } = row;
    const text = (lots: number | null) => (lots === null ? '·' : gridOf(market.lot).text(lots));
    return (
      <>
        <span className="bid" role="cell">
          <Click
            text={text(bid)}
            label={`Buy at ${price}`}
            onClick={() => acts.current.pick('BUY', price)}
          />
        </span>
        <span role="cell">{price}</span>
        <span className="ask" role="cell">
          <Click
            text={text(ask)}
            label={`Sell at ${price}`}
            onClick={() => acts.current.pick('SELL', price)}
          />
        </span>
        <span role="cell">
          {own && (
            <Click
              text={`${text(own.lots)} ✕`}
              label={`Cancel own orders at ${price}`}
              onClick={() => acts.current.drop(own)}
            />
          )}
          {stops && (
            <Click
              text={`stop ${text(stops.lots)} ✕`}
              label={`Cancel own stop orders at ${price}`}
              onClick={() => acts.current.drop(stops)}
            />
          )}
        </span>
      </>
    );
  },
  ({ row: a, ...before }, { row: b, ...after }) =>
    before.market === after.market &&
    a.price === b.price &&
    a.bid === b.bid &&
    a.ask === b.ask &&
    same(a.own, b.own) &&
    same(a.stops, b.stops),
);

function same(a: Own | null, b: Own | null): boolean {
  return a?.lots === b?.lots && a?.ids.join() === b?.ids.join();
}

function Click({ text, label, onClick }: { text: string; label: string; onClick: () => void }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={`${text} ${label}`}
      onMouseDown={leaveKeyboard}
      onClick={onClick}
    >
      {text}
    </button>
  );
}
