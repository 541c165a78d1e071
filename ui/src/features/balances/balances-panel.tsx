/** What one has, and the ledger's lines behind it. */

import { useState } from 'react';
import { useBalances } from '../../shared/account/use-balances';
import { compare, shown } from '../../shared/amounts/amounts';
import { useUser } from '../../shared/live/live-context';
import type { Market } from '../../shared/markets/markets';
import { clockText } from '../../shared/time-text';
import { Panel } from '../../shared/view/panel';
import { FaucetForm } from './faucet-form';
import { useStatement } from './get-statement';
import './balances.css';

const PLACES = 8;

export function BalancesPanel({ market }: { market: Market }) {
  const user = useUser();
  const balances = useBalances();
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <Panel
      title="Balances"
      className="balances"
      controls={user && <FaucetForm currencies={[market.quote, market.base]} />}
    >
      {!user && <p className="nothing">Log in to see your balances.</p>}
      {user && !balances.length && (
        <p className="nothing">No money yet: take some from the faucet.</p>
      )}
      {balances.length > 0 && (
        <table className="rows">
          <caption className="unseen">Balances</caption>
          <thead>
            <tr>
              <th scope="col">Currency</th>
              <th scope="col">Available</th>
              <th scope="col">Reserved</th>
            </tr>
          </thead>
          <tbody>
            {balances.map(({ currency, available, reserved }) => (
              <tr key={currency} data-currency={currency}>
                <td>
                  <button
                    type="button"
                    className="tell"
                    aria-expanded={chosen === currency}
                    onClick={() => setChosen(chosen === currency ? null : currency)}
                  >
                    {currency}
                  </button>
                </td>
                <td>{shown(available, PLACES)}</td>
                <td>{shown(reserved, PLACES)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {chosen && <Statement currency={chosen} />}
    </Panel>
  );
}

function Statement({ currency }: { currency: string }) {
  const lines = useStatement(currency);
  return (
    <table className="rows statement">
      <caption>The ledger's lines in {currency}, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">For</th>
          <th scope="col">Account</th>
          <th scope="col">Amount</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.posting_id}>
            <td>{clockText(line.at_ms)}</td>
            <td title={line.reference_id}>{line.reference_type}</td>
            <td>{line.account}</td>
            <td>
              {compare(line.amount, '0') > 0 ? '+' : ''}
              {line.amount}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
