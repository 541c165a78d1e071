/** Keeps orders and balances current for all panels, and says what happens to one's orders. */

import { toast } from 'sonner';
import { useFollowBalances } from '../shared/account/use-balances';
import { trimmed } from '../shared/amounts/amounts';
import type { ExecutionReport } from '../shared/orders/my-orders';
import { useFollowMyOrders } from '../shared/orders/use-my-orders';

export function Follow() {
  useFollowBalances();
  useFollowMyOrders(tell);
  return null;
}

function tell(report: ExecutionReport): void {
  const { x, S, s, l, L, X } = report;
  if (x === 'TRADE')
    toast(`${S} ${trimmed(l)} ${s} at ${trimmed(L)}: ${X}`, { id: toastId(report) });
  if (x === 'EXPIRED') toast.warning(`${S} ${s}: ${X}`, { id: toastId(report) });
}

/** A report may come twice; its toast does not. */
function toastId({ i, z, X }: ExecutionReport): string {
  return `${i} ${z} ${X}`;
}
