/**
 * Times below the chart. Local, as everywhere else on the page: the chart by itself would write
 * UTC. But a day or a week is one of UTC's, and is called by its date there, wherever one sits.
 */

import { clockText, dateClockText } from '../../shared/time-text';
import type { Interval } from './candle';

const OF_UTC: ReadonlySet<Interval> = new Set<Interval>(['1d', '1w']);

/** The chart's kinds of marks, by name. */
export type TickKind = 'Year' | 'Month' | 'DayOfMonth' | 'Time' | 'TimeWithSeconds';

/** Of the candle under the pointer: "2026-01-02 09:05:07", or "2026-01-02". */
export function candleText(timeS: number, interval: Interval): string {
  const at = new Date(timeS * 1_000);
  return OF_UTC.has(interval) ? at.toISOString().slice(0, 10) : dateClockText(at.getTime());
}

export function tickText(timeS: number, kind: TickKind, interval: Interval): string {
  const at = new Date(timeS * 1_000);
  if (kind === 'Time') return clockText(at.getTime()).slice(0, 5);
  if (kind === 'TimeWithSeconds') return clockText(at.getTime());
  const zone = OF_UTC.has(interval) ? { timeZone: 'UTC' } : {};
  if (kind === 'DayOfMonth') return at.toLocaleDateString('en', { day: 'numeric', ...zone });
  const part = kind === 'Year' ? { year: 'numeric' } : { month: 'short' };
  return at.toLocaleDateString(undefined, { ...part, ...zone } as Intl.DateTimeFormatOptions);
}
