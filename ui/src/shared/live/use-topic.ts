/** Calls the handler for each message of a destination while the component is there. */

import { useEffect, useRef } from 'react';
import type { LiveMessage } from './live-connection';
import { usePartners } from './live-context';

export function useTopic(destination: string | null, handler: (message: LiveMessage) => void) {
  const { live } = usePartners();
  const newest = useRef(handler);
  useEffect(() => {
    newest.current = handler;
  });
  useEffect(() => {
    if (destination === null) return;
    return live.subscribe(destination, (message) => newest.current(message));
  }, [live, destination]);
}
