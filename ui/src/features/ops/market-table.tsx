/** The markets, and the switch that stops new orders in one of them. */

import { useState } from 'react';
import { toast } from 'sonner';
import { trimmed } from '../../shared/amounts/amounts';
import type { Market } from '../../shared/markets/markets';
import { ConfirmDialog } from '../../shared/view/confirm-dialog';
import { Panel } from '../../shared/view/panel';
import { type Multipliers, multipliersText, pricesText } from './bands';
import { useLastPrices } from './get-last-prices';
import { useHalt } from './send-halt';

const REASON_MAX = 200;

export function MarketTable({ markets }: { markets: readonly Market[] }) {
  const halt = useHalt();
  const lastPrices = useLastPrices();
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

interface MarketRowProps {
  market: Market;
  last: string | undefined;
  onHalt: () => void;
  onResume: () => void;
}

function MarketRow({ market, last, onHalt, onResume }: MarketRowProps) {
  return (
    <tr>
      <td>{market.symbol}</td>
      <td>{market.status}</td>
      <td>{trimmed(market.tick)}</td>
      <td>{trimmed(market.lot)}</td>
      <td>{last && Number(last) > 0 ? trimmed(last) : '–'}</td>
      <BandCell band={market.bidBand} market={market} last={last} />
      <BandCell band={market.askBand} market={market} last={last} />
      <td>
        <button type="button" disabled={market.status !== 'TRADING'} onClick={onHalt}>
          Halt
        </button>{' '}
        <button type="button" disabled={market.status !== 'HALT'} onClick={onResume}>
          Resume
        </button>
      </td>
    </tr>
  );
}

function BandCell({
  band,
  market,
  last,
}: {
  band: Multipliers;
  market: Market;
  last: string | undefined;
}) {
  return (
    <td>
      {pricesText(band, last, market.tick, market.priceDecimals)}{' '}
      <small>{multipliersText(band)}</small>
    </td>
  );
}
