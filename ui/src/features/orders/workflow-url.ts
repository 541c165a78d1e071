/** Where Temporal's web UI shows an order's workflow: each run, where an id was used again. */

import { webUrl } from '../../shared/web-url';

export function workflowUrl(temporalUi: string | null, workflowId: string): string | null {
  if (temporalUi === null) return null;
  const query = new URLSearchParams({ query: `WorkflowId = "${workflowId}"` });
  return webUrl(`${temporalUi}/namespaces/default/workflows?${query}`);
}
