/** What is available, and buttons that make the order as large as a share of it. */

import { PLACES, shown } from '../../shared/amounts/amounts';
import type { Draft } from '../../shared/ticket/draft';
import type { Facts, Funds } from '../../shared/ticket/facts';
import { leaveKeyboard } from '../../shared/ticket/keyboard-focus';
import { shareOfFunds } from './share-of-funds';

const PERCENTS = [25, 50, 75, 100];

interface FundsProps {
  funds: Funds;
  draft: Draft;
  facts: Facts;
  onQuantity: (quantity: string) => void;
}

export function FundsShares({ funds, draft, facts, onQuantity }: FundsProps) {
  const { base, quote } = facts.market;
  const spent = draft.side === 'BUY' ? quote : base;
  return (
    <section className="funds" aria-label="Available funds">
      <dl>
        <Row currency={base} amount={funds.base} />
        <Row currency={quote} amount={funds.quote} />
      </dl>
      <fieldset>
        <legend className="unseen">Quantity by a share of the {spent} available</legend>
        {PERCENTS.map((percent) => {
          const quantity = shareOfFunds(percent, draft, facts);
          return (
            <button
              key={percent}
              type="button"
              disabled={quantity === null}
              onMouseDown={leaveKeyboard}
              onClick={() => quantity !== null && onQuantity(quantity)}
            >
              {percent} %
            </button>
          );
        })}
      </fieldset>
    </section>
  );
}

function Row({ currency, amount }: { currency: string; amount: string }) {
  return (
    <div>
      <dt>{currency} available</dt>
      <dd>{shown(amount, PLACES)}</dd>
    </div>
  );
}
