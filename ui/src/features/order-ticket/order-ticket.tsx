/** The ticket: what one wants, what it will cost, and the button. Disabled while prices are old. */

import { type FormEvent, type KeyboardEvent, useEffect, useState } from 'react';
import type { Market } from '../../shared/markets/markets';
import { useTrading } from '../../shared/orders/use-trading';
import { problemOf } from '../../shared/ticket/check-order';
import {
  hasPrice,
  hasStopPrice,
  hasTimeInForce,
  offeredTypes,
  orderOf,
  type TicketType,
  type TimeInForce,
} from '../../shared/ticket/draft';
import { estimate } from '../../shared/ticket/estimate';
import { useTicket } from '../../shared/ticket/ticket-store';
import { useFacts } from '../../shared/ticket/use-facts';
import { Panel } from '../../shared/view/panel';
import { AmountField } from './amount-field';
import { EstimateTable } from './estimate-table';
import { FundsShares } from './funds-shares';
import { SideChoice } from './side-choice';
import './order-ticket.css';

const TIMES: readonly TimeInForce[] = ['GTC', 'IOC', 'FOK'];

export function OrderTicket({ market }: { market: Market }) {
  const { side, price, quantity, setSide, setPrice, setQuantity, clear } = useTicket();
  const [type, setType] = useState<TicketType>('LIMIT');
  const [timeInForce, setTimeInForce] = useState<TimeInForce>('GTC');
  const [stopPrice, setStopPrice] = useState('');
  useEffect(() => clear, [clear]); // the page makes another ticket for another market
  const facts = useFacts(market);
  const trading = useTrading(market);
  const draft = { side, type, timeInForce, price, stopPrice, quantity };
  const problem = problemOf(draft, facts);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem === null) void trading.place(orderOf(draft));
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
            {offeredTypes(market.orderTypes).map(([value, label]) => (
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
        <EstimateTable figures={estimate(draft, facts)} market={market} />
        <p className="ticket-problem" aria-live="polite">
          {problem}
        </p>
        <button
          type="submit"
          className={`send ${side}`}
          disabled={problem !== null}
          // Not `disabled`: that would take the focus away from who has just pressed it.
          aria-disabled={facts.sending}
        >
          {side === 'BUY' ? 'Buy' : 'Sell'} {market.base}
        </button>
      </form>
      {facts.funds && (
        <FundsShares {...{ draft, facts }} funds={facts.funds} onQuantity={setQuantity} />
      )}
    </Panel>
  );
}

/** An Enter that is held sends once: the browser would submit with each repetition. */
function withoutRepeats(event: KeyboardEvent): void {
  if (event.key === 'Enter' && event.repeat) event.preventDefault();
}
