/** One's own executions. */

import { shown, trimmed } from '../../shared/amounts/amounts';
import type { Market } from '../../shared/markets/markets';
import { clockText } from '../../shared/time-text';
import { useFills } from './get-history';

export function FillTable({ market }: { market: Market }) {
  const fills = useFills(market.symbol);
  if (!fills.length) return <p className="nothing">Fills: none.</p>;
  return (
    <table className="rows">
      <caption className="unseen">Fills</caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Side</th>
          <th scope="col">Price</th>
          <th scope="col">Quantity</th>
          <th scope="col">Fee</th>
          <th scope="col">Role</th>
        </tr>
      </thead>
      <tbody>
        {fills.map((fill) => (
          <tr key={`${fill.id}:${fill.orderId}`}>
            <td>{clockText(fill.time)}</td>
            <td className={fill.isBuyer ? 'BUY' : 'SELL'}>{fill.isBuyer ? 'BUY' : 'SELL'}</td>
            <td>{shown(fill.price, market.priceDecimals)}</td>
            <td>{shown(fill.qty, market.quantityDecimals)}</td>
            <td>
              {trimmed(fill.commission)} {fill.commissionAsset}
            </td>
            <td>{fill.isMaker ? 'maker' : 'taker'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
