/** The ladder: a click fills the ticket; armed, it sends. One's own orders are cancelled on their row. */

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ListImperativeAPI } from 'react-window';
import { toast } from 'sonner';
import { useLiveBook } from '../../shared/live/use-live-book';
import type { Market } from '../../shared/markets/markets';
import { useMyOrders } from '../../shared/orders/use-my-orders';
import { useTrading } from '../../shared/orders/use-trading';
import { problemOf } from '../../shared/ticket/check-order';
import { orderOf } from '../../shared/ticket/draft';
import { useLadder } from '../../shared/ticket/ladder-store';
import { type Side, useTicket } from '../../shared/ticket/ticket-store';
import { useFacts } from '../../shared/ticket/use-facts';
import { Panel } from '../../shared/view/panel';
import { RowList } from '../../shared/view/row-list';
import { LadderControls } from './ladder-controls';
import { type Acts, LadderPlace } from './ladder-line';
import { ladderRows, type Own } from './ladder-rows';
import { type LadderScale, NEAR_LEVELS, scaleFor } from './ladder-scale';
import './ladder.css';

const LEVELS = 60;
const HALF = 20;
const ROWS = 2 * HALF + 1;
const ROW_PX = 20;
const AT_ONE_CLICK = { type: 'LIMIT', timeInForce: 'GTC', stopPrice: '' } as const;

export function Ladder({ market }: { market: Market }) {
  const [step, setStep] = useState<number | null>(null);
  const [scale, setScale] = useState<LadderScale | null>(null);
  const near = useLiveBook(market, NEAR_LEVELS);
  const view = useLiveBook(market, LEVELS, scale?.step);
  const orders = useMyOrders(market.symbol);
  const facts = useFacts(market);
  const trading = useTrading(market);
  // Not the quantity: with each key that is typed into it the ladder would be drawn anew.
  const wasArmed = useTicket((ticket) => ticket.armed);
  const { setArmed, setPrice, setSide } = useTicket.getState();
  const centred = useLadder((ladder) => ladder.centred);
  const mayArm = facts.live && facts.funds !== null;
  const armed = wasArmed && mayArm;
  useEffect(() => {
    // What has ended is not begun again by prices or a login that come back.
    if (!mayArm) setArmed(false);
  }, [mayArm, setArmed]);
  useEffect(() => () => setArmed(false), [setArmed]); // another market is another ladder

  const next = scaleFor(near, HALF, scale, { step, centred, armed });
  if (next && next !== scale) setScale(next);
  const list = useRef<ListImperativeAPI>(null);
  useLayoutEffect(() => {
    const rows = list.current?.element;
    if (scale && rows) rows.scrollTop = (ROWS * ROW_PX - rows.clientHeight) / 2;
  }, [scale]);

  const pick = (side: Side, price: string) => {
    setSide(side);
    setPrice(price);
    if (!armed) return;
    const { quantity } = useTicket.getState();
    const draft = { side, price, quantity, ...AT_ONE_CLICK };
    const problem = problemOf(draft, facts);
    if (problem === null) void trading.place(orderOf(draft));
    else toast.error(`Not sent: ${problem}`);
  };
  const drop = ({ ids }: Own) => {
    for (const id of ids) void trading.cancel(id);
  };
  const acts = useRef<Acts>({ pick, drop });
  useEffect(() => {
    acts.current = { pick, drop };
  });
  const rows = useMemo(
    () => (scale ? ladderRows(view, orders, market, scale) : []),
    [view, orders, market, scale],
  );
  const lines = useMemo(() => ({ rows, market, acts }), [rows, market]);

  return (
    <Panel
      title="Ladder"
      className={`ladder ${armed ? 'armed' : ''}`}
      controls={<LadderControls {...{ market, step, armed, mayArm }} onStep={setStep} />}
    >
      <div role="table" aria-label="Price ladder" aria-rowcount={ROWS + 1}>
        <div className="ladder-row ladder-head" role="row">
          <span role="columnheader">Buy</span>
          <span role="columnheader">Price</span>
          <span role="columnheader">Sell</span>
          <span role="columnheader">Own</span>
        </div>
        <RowList
          label="Prices"
          role="rowgroup"
          className="ladder-rows"
          rows={ROWS}
          isFixed
          rowPx={ROW_PX}
          row={LadderPlace}
          data={lines}
          listRef={list}
          defaultHeight={ROWS * ROW_PX}
        />
      </div>
    </Panel>
  );
}
