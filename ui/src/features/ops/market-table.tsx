/** The markets, and the switch that stops new orders in one of them. */

import { useState } from 'react';
import { toast } from 'sonner';
import type { Market } from '../../shared/markets/markets';
import { ConfirmDialog } from '../../shared/view/confirm-dialog';
import { Panel } from '../../shared/view/panel';
import { useBands } from './get-bands';
import { useLastPrices } from './get-last-prices';
import { MarketRow } from './market-row';
import { useHalt } from './send-halt';

const REASON_MAX = 200;

export function MarketTable({ markets }: { markets: readonly Market[] }) {
  const halt = useHalt();
  const lastPrices = useLastPrices();
  const bands = useBands();
  const [halting, setHalting] = useState<string | null>(null);
  const change = (symbol: string, reason: string | null) =>
    halt.mutate(
      { symbol, reason },
      {
        onSuccess: () => toast.success(`${symbol}: ${reason === null ? 'resumed' : 'halted'}`),
        onError: (error) => toast.error(`${symbol}: ${error.message}`),
      },
    );
  return (
    <Panel title="Markets">
      <table className="rows">
        <caption className="unseen">Markets</caption>
        <thead>
          <tr>
            <th scope="col">Market</th>
            <th scope="col">Status</th>
            <th scope="col">Tick</th>
            <th scope="col">Lot</th>
            <th scope="col">Last price</th>
            <th scope="col">A bid within</th>
            <th scope="col">An ask within</th>
            <th scope="col">Band set by</th>
            <th scope="col">
              <span className="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {markets.map((market) => (
            <MarketRow
              key={market.symbol}
              market={market}
              last={lastPrices.get(market.symbol)}
              band={bands.get(market.symbol)}
              onHalt={() => setHalting(market.symbol)}
              onResume={() => change(market.symbol, null)}
            />
          ))}
        </tbody>
      </table>
      {halting && (
        <ConfirmDialog
          title={`Halt ${halting}?`}
          action={`Halt ${halting}`}
          onConfirm={(form) => change(halting, String(form.get('reason')).trim())}
          onClose={() => setHalting(null)}
        >
          <p>New orders are refused until it is resumed; cancels still work.</p>
          <label>
            Reason
            <input name="reason" required pattern=".*\S.*" maxLength={REASON_MAX} />
          </label>
        </ConfirmDialog>
      )}
    </Panel>
  );
}
