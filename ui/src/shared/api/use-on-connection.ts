/** Calls `ask` each time there is a connection anew: what was missed without one is asked for. */

import { useEffect, useRef } from 'react';
import { useLiveState } from '../live/live-context';

export function useOnConnection(ask: () => void): void {
  const state = useLiveState();
  const connected = state === 'live' || state === 'stale';
  const newest = useRef(ask);
  useEffect(() => {
    newest.current = ask;
  });
  useEffect(() => {
    if (connected) newest.current();
  }, [connected]);
}
