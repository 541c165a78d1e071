/** The markets, and the switch that stops new orders in one of them. */

import { toast } from 'sonner';
import { trimmed } from '../../shared/amounts/amounts';
import type { Market } from '../../shared/markets/markets';
import { Panel } from '../../shared/view/panel';
import { useHalt } from './send-halt';

const REASON = 'Halted by ops on the trading screen.';

export function MarketTable({ markets }: { markets: readonly Market[] }) {
  const halt = useHalt();
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
            <th scope="col">A bid within</th>
            <th scope="col">An ask within</th>
            <th scope="col">
              <span className="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {markets.map((market) => (
            <tr key={market.symbol}>
              <td>{market.symbol}</td>
              <td>{market.status}</td>
              <td>{trimmed(market.tick)}</td>
              <td>{trimmed(market.lot)}</td>
              <td>{band(market.bidBand)}</td>
              <td>{band(market.askBand)}</td>
              <td>
                <button type="button" onClick={() => change(market.symbol, REASON)}>
                  Halt
                </button>{' '}
                <button type="button" onClick={() => change(market.symbol, null)}>
                  Resume
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function band([down, up]: readonly [string, string]): string {
  return down && up ? `× ${trimmed(down)} to × ${trimmed(up)}` : '–';
}
