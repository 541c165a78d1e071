/** The ticket: what one wants, what it will cost, and the button. Disabled while prices are old. */

import { type FormEvent, type KeyboardEvent, useEffect, useState } from 'react';
import { availableOf } from '../../shared/account/balances';
import { useBalances } from '../../shared/account/use-balances';
import { useLiveState, useUser } from '../../shared/live/live-context';
import type { Market } from '../../shared/markets/markets';
import { useTrading } from '../../shared/orders/use-trading';
import { useTicket } from '../../shared/ticket/ticket-store';
import { Panel } from '../../shared/view/panel';
import { AmountField } from './amount-field';
import {
  estimate,
  hasPrice,
  hasStopPrice,
  hasTimeInForce,
  type TicketType,
  type TimeInForce,
} from './check-order';
import { EstimateTable } from './estimate-table';
import { SideChoice } from './side-choice';
import { useBestPrices } from './use-best-prices';
import { useTakerRate } from './use-taker-rate';
import './order-ticket.css';

const TYPES: ReadonlyArray<[TicketType, string]> = [
  ['LIMIT', 'Limit'],
  ['LIMIT_MAKER', 'Post only'],
  ['MARKET', 'Market'],
  ['STOP_LOSS_LIMIT', 'Stop limit'],
  ['TAKE_PROFIT_LIMIT', 'Take profit'],
];
const TIMES: readonly TimeInForce[] = ['GTC', 'IOC', 'FOK'];

export function OrderTicket({ market }: { market: Market }) {
  const { side, price, quantity, sending, setSide, setPrice, setQuantity, clear } = useTicket();
  const [type, setType] = useState<TicketType>('LIMIT');
  const [timeInForce, setTimeInForce] = useState<TimeInForce>('GTC');
  const [stopPrice, setStopPrice] = useState('');
  useEffect(() => clear, [clear]); // the page makes another ticket for another market
  const user = useUser();
  const balances = useBalances();
  const state = useLiveState();
  const best = useBestPrices(market);
  const trading = useTrading(market);
  const funds = user
    ? { base: availableOf(balances, market.base), quote: availableOf(balances, market.quote) }
    : null;
  const met = side === 'BUY' ? best.ask : best.bid;
  const draft = { side, type, timeInForce, price, stopPrice, quantity };
  const figures = estimate(draft, market, funds, useTakerRate(market.symbol), met);
  const problem = state === 'live' ? figures.problem : 'Prices are not live: the ticket waits.';

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem) return;
    void trading.place({
      side,
      type,
      quantity,
      ...(hasPrice(type) && { price }),
      ...(hasStopPrice(type) && { stopPrice }),
      ...(hasTimeInForce(type) && { timeInForce }),
    });
  };

  return (
    <Panel title="Order" className="order-ticket">
      <form onSubmit={submit} onKeyDown={withoutRepeats} id="ticket">
        <SideChoice side={side} onChange={setSide} />
        <div className="ticket-kind">
          <select
            aria-label="Order type"
            value={type}
            onChange={(event) => setType(event.target.value as TicketType)}
          >
            {TYPES.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
          {hasTimeInForce(type) && (
            <select
              aria-label="Time in force"
              value={timeInForce}
              onChange={(event) => setTimeInForce(event.target.value as TimeInForce)}
            >
              {TIMES.map((value) => (
                <option key={value}>{value}</option>
              ))}
            </select>
          )}
        </div>
        {hasStopPrice(type) && (
          <AmountField
            label="Stop price"
            name="stopPrice"
            unit={market.quote}
            value={stopPrice}
            step={market.tick}
            onChange={setStopPrice}
          />
        )}
        {hasPrice(type) && (
          <AmountField
            label="Price"
            name="price"
            unit={market.quote}
            value={price}
            step={market.tick}
            onChange={setPrice}
          />
        )}
        <AmountField
          label="Quantity"
          name="quantity"
          unit={market.base}
          value={quantity}
          step={market.lot}
          onChange={setQuantity}
        />
        <EstimateTable figures={figures} market={market} />
        <p className="ticket-problem" aria-live="polite">
          {problem}
        </p>
        <button
          type="submit"
          className={`send ${side}`}
          disabled={problem !== null}
          // Not `disabled`: that would take the focus away from who has just pressed it.
          aria-disabled={sending.includes(market.symbol)}
        >
          {side === 'BUY' ? 'Buy' : 'Sell'} {market.base}
        </button>
      </form>
    </Panel>
  );
}

/** An Enter that is held sends once: the browser would submit with each repetition. */
function withoutRepeats(event: KeyboardEvent): void {
  if (event.key === 'Enter' && event.repeat) event.preventDefault();
}
