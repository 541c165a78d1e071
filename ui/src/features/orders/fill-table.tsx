/** One's own executions. */

import { shown, trimmed } from '../../shared/amounts/amounts';
import type { Market } from '../../shared/markets/markets';
import { dateClockText } from '../../shared/time-text';
import { Loaded } from '../../shared/view/loaded';
import { type MyFill, useFills } from './get-history';

export function FillTable({ market }: { market: Market }) {
  return (
    <Loaded asked={useFills(market.symbol)} none="Fills: none.">
      {(fills) => <Rows fills={fills} market={market} />}
    </Loaded>
  );
}

function Rows({ fills, market }: { fills: readonly MyFill[]; market: Market }) {
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
            <td>{dateClockText(fill.time)}</td>
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
