/** Where Temporal's web UI shows an order's workflow. */

import { webUrl } from '../../shared/web-url';

export function workflowUrl(temporalUi: string | null, orderId: number): string | null {
  if (temporalUi === null) return null;
  const query = new URLSearchParams({ query: `OrderId = "${orderId}"` });
  return webUrl(`${temporalUi}/namespaces/default/workflows?${query}`);
}
