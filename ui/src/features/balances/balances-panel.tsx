/** What one has, and the ledger's lines behind it. */

import { useState } from 'react';
import { useBalancesQuery } from '../../shared/account/use-balances';
import { PLACES, shown } from '../../shared/amounts/amounts';
import { useUser } from '../../shared/live/live-context';
import type { Market } from '../../shared/markets/markets';
import { Loaded } from '../../shared/view/loaded';
import { Panel } from '../../shared/view/panel';
import { FaucetForm } from './faucet-form';
import { Statement } from './statement';
import './balances.css';

export function BalancesPanel({ market }: { market: Market }) {
  const user = useUser();
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <Panel
      title="Balances"
      className="balances"
      controls={user && <FaucetForm currencies={[market.quote, market.base]} />}
    >
      {!user && <p className="nothing">Log in to see your balances.</p>}
      {user && <Balances chosen={chosen} onChoose={setChosen} />}
      {user && chosen && <Statement key={chosen} currency={chosen} />}
    </Panel>
  );
}

interface BalancesProps {
  chosen: string | null;
  onChoose: (currency: string | null) => void;
}

function Balances({ chosen, onChoose }: BalancesProps) {
  return (
    <Loaded asked={useBalancesQuery()} none="No money yet: take some from the faucet.">
      {(balances) => (
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
                    onClick={() => onChoose(chosen === currency ? null : currency)}
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
    </Loaded>
  );
}
