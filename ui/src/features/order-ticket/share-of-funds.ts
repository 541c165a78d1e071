/** How large an order a share of what is available pays for. */

import { compare, paidFor, times } from '../../shared/amounts/amounts';
import { type Draft, hasPrice } from '../../shared/ticket/draft';
import type { Facts } from '../../shared/ticket/facts';
import { worstPrice } from '../../shared/ticket/reserve';

/** In whole lots, not above what one order may have; null where there is no price to tell by. */
export function shareOfFunds(percent: number, draft: Draft, facts: Facts): string | null {
  const { market, funds } = facts;
  if (!funds) return null;
  const buys = draft.side === 'BUY';
  const price = buys ? worstPrice(draft, facts) : '1';
  if (price === null || compare(price, '0') <= 0) return null;
  const share = times(buys ? funds.quote : funds.base, String(percent / 100));
  const most = hasPrice(draft.type) ? market.maxQuantity : market.marketMaxQuantity;
  const quantity = paidFor(share, price, market.lot);
  return compare(quantity, most) > 0 ? paidFor(most, '1', market.lot) : quantity;
}
