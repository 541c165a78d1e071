/** Whether what is shown is live, and how old it is. Only a change of state is announced. */

import type { LiveState } from '../../shared/live/live-connection';
import { useLiveStatus } from '../../shared/live/live-context';
import './live-badge.css';

const TEXTS: Record<LiveState, string> = {
  connecting: 'Connecting',
  live: 'Live',
  stale: 'Stale',
  offline: 'Offline',
};
const SIGNS: Record<LiveState, string> = { connecting: '◌', live: '●', stale: '◐', offline: '○' };

export function LiveBadge() {
  const { state, delayMs } = useLiveStatus();
  return (
    <span className={`live-badge ${state}`}>
      <span aria-hidden="true">{SIGNS[state]}</span> <span role="status">{TEXTS[state]}</span>
      {state === 'live' && delayMs !== null && <small> {Math.round(delayMs)} ms</small>}
    </span>
  );
}
