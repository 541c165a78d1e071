/** The ladder: a click fills the ticket; armed, it sends. One's own orders are cancelled on their row. */

import { memo, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { useLiveBook } from '../../shared/live/use-live-book';
import type { Market } from '../../shared/markets/markets';
import { useMyOrders } from '../../shared/orders/use-my-orders';
import { useTrading } from '../../shared/orders/use-trading';
import { problemOf } from '../../shared/ticket/check-order';
import { orderOf } from '../../shared/ticket/draft';
import { leaveKeyboard } from '../../shared/ticket/keyboard-focus';
import { type Side, useTicket } from '../../shared/ticket/ticket-store';
import { useFacts } from '../../shared/ticket/use-facts';
import { Panel } from '../../shared/view/panel';
import { type LadderRow, type LadderScale, ladderRows, scaleFor } from './ladder-rows';
import './ladder.css';

const LEVELS = 60;
const HALF = 20;
const AT_ONE_CLICK = { type: 'LIMIT', timeInForce: 'GTC', stopPrice: '' } as const;

export function Ladder({ market }: { market: Market }) {
  const [scale, setScale] = useState<LadderScale | null>(null);
  const view = useLiveBook(market.symbol, market.priceDecimals, LEVELS, scale?.step);
  const orders = useMyOrders(market.symbol);
  const facts = useFacts(market);
  const trading = useTrading(market);
  const { quantity, armed: wasArmed, setArmed, setPrice, setSide } = useTicket();
  const mayArm = facts.live && facts.funds !== null;
  const armed = wasArmed && mayArm;
  useEffect(() => {
    // What has ended is not begun again by prices or a login that come back.
    if (!mayArm) setArmed(false);
  }, [mayArm, setArmed]);
  useEffect(() => () => setArmed(false), [setArmed]); // another market is another ladder
  const next = scaleFor(view, HALF, scale);
  if (next && next !== scale) setScale(next);
  const rows = scale ? ladderRows(view, orders, market.priceDecimals, scale) : [];
  const table = useRef<HTMLTableElement>(null);
  useLayoutEffect(() => {
    const body = table.current?.parentElement;
    if (scale && body) body.scrollTop = (body.scrollHeight - body.clientHeight) / 2;
  }, [scale]);

  const pick = (side: Side, price: string) => {
    setSide(side);
    setPrice(price);
    if (!armed) return;
    const draft = { side, price, quantity, ...AT_ONE_CLICK };
    const problem = problemOf(draft, facts);
    if (problem === null) void trading.place(orderOf(draft));
    else toast.error(`Not sent: ${problem}`);
  };
  const drop = (row: LadderRow) => {
    for (const id of row.ownIds) void trading.cancel(id);
  };

  const acts = useRef<Acts>({ pick, drop });
  useEffect(() => {
    acts.current = { pick, drop };
  });

  return (
    <Panel
      title="Ladder"
      className={`ladder ${armed ? 'armed' : ''}`}
      controls={
        <label className="arm">
          <input
            type="checkbox"
            checked={armed}
            disabled={!mayArm}
            onChange={(event) => setArmed(event.target.checked)}
          />
          {armed ? `Armed: a click sends ${quantity || 'nothing yet'}` : 'Arm one click'}
        </label>
      }
    >
      <table className="rows" ref={table}>
        <caption className="unseen">Price ladder</caption>
        <thead>
          <tr>
            <th scope="col">Buy</th>
            <th scope="col">Price</th>
            <th scope="col">Sell</th>
            <th scope="col">Own</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Line key={row.ticks} row={row} market={market} acts={acts} />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

interface Acts {
  pick: (side: Side, price: string) => void;
  drop: (row: LadderRow) => void;
}

/** Drawn anew only when what it shows has changed. */
const Line = memo(
  function Line({ row, market, acts }: { row: LadderRow; market: Market; acts: RefObject<Acts> }) {
    return (
      <tr>
        <td className="bid">
          <Click
            text={text(row.bid, market)}
            label={`Buy at ${row.price}`}
            onClick={() => acts.current.pick('BUY', row.price)}
          />
        </td>
        <td>{row.price}</td>
        <td className="ask">
          <Click
            text={text(row.ask, market)}
            label={`Sell at ${row.price}`}
            onClick={() => acts.current.pick('SELL', row.price)}
          />
        </td>
        <td>
          {row.own && (
            <Click
              text={`${text(row.own, market)} ✕`}
              label={`Cancel own orders at ${row.price}`}
              onClick={() => acts.current.drop(row)}
            />
          )}
        </td>
      </tr>
    );
  },
  ({ row: a, ...before }, { row: b, ...after }) =>
    before.market === after.market &&
    a.price === b.price &&
    a.bid === b.bid &&
    a.ask === b.ask &&
    a.own === b.own &&
    a.ownIds.join() === b.ownIds.join(),
);

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

function text(quantity: string | null, market: Market): string {
  return quantity === null ? '·' : Number(quantity).toFixed(market.quantityDecimals);
}
