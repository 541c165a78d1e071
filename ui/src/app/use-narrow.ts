/** Whether the window is too narrow for panels side by side. The style sheet has the same limit. */

import { useSyncExternalStore } from 'react';

export const NARROW = '(max-width: 899px)';

export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia(NARROW).matches);
}

function subscribe(onChange: () => void): () => void {
  const query = window.matchMedia(NARROW);
  query.addEventListener('change', onChange);
  return () => query.removeEventListener('change', onChange);
}
