/** Listens to the keys, and shows them. */

import { useEffect, useEffectEvent, useRef } from 'react';
import { nudged } from '../../shared/amounts/amounts';
import type { Market } from '../../shared/markets/markets';
import { useMyOrders } from '../../shared/orders/use-my-orders';
import { useTrading } from '../../shared/orders/use-trading';
import { useLadder } from '../../shared/ticket/ladder-store';
import { useTicket } from '../../shared/ticket/ticket-store';
import { claimsOf } from './claims';
import { type Action, actionOf, KEYS } from './key-map';
import './shortcuts.css';

export function Shortcuts({ market }: { market: Market }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const orders = useMyOrders(market.symbol);
  const trading = useTrading(market);
  const centreLadder = useLadder((ladder) => ladder.centre);

  const act = useEffectEvent((action: Action) => {
    const ticket = useTicket.getState();
    const last = orders[0];
    const actions: Record<Action, () => void> = {
      buy: () => ticket.setSide('BUY'),
      sell: () => ticket.setSide('SELL'),
      'price up': () => ticket.setPrice(nudged(ticket.price, market.tick, 1)),
      'price down': () => ticket.setPrice(nudged(ticket.price, market.tick, -1)),
      'quantity up': () => ticket.setQuantity(nudged(ticket.quantity, market.lot, 1)),
      'quantity down': () => ticket.setQuantity(nudged(ticket.quantity, market.lot, -1)),
      send: () => ticketForm()?.requestSubmit(),
      'cancel last': () => last && void trading.cancel(last.id),
      'cancel all': () => void trading.cancelAll(),
      'centre ladder': centreLadder,
      'show keys': () => dialog.current?.showModal(),
    };
    actions[action]();
  });

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      // What a control has done something with is done.
      if (dialog.current?.open || event.defaultPrevented) return;
      const action = actionOf(event, claimsOf(event.target));
      if (!action) return;
      event.preventDefault();
      act(action);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);

  return (
    <>
      <button type="button" onClick={() => dialog.current?.showModal()} aria-label="Show the keys">
        ?
      </button>
      <dialog ref={dialog} className="keys" aria-labelledby="keys-title">
        <h2 id="keys-title">Keys</h2>
        <dl>
          {KEYS.map(({ key, shift, action, text }) => (
            <div key={action}>
              <dt>
                <kbd>{shift ? `Shift ${key}` : key.replace('Arrow', '')}</kbd>
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
        <form method="dialog">
          <button type="submit">Close</button>
        </form>
      </dialog>
    </>
  );
}

/** A disabled button does not send: requestSubmit would pass it by. */
function ticketForm(): HTMLFormElement | null {
  const form = document.querySelector<HTMLFormElement>('form#ticket');
  return form?.querySelector<HTMLButtonElement>('button[type=submit]')?.disabled ? null : form;
}
