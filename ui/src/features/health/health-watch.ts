/** What the page knows after each poll: the last report, and since when there was no newer one. */

import type { HealthReport } from './health-report';

/** `unreachable`: nobody answered. `unreadable`: somebody did, but not with a health report. */
export type PollFailureKind = 'unreachable' | 'unreadable';

export interface PollFailure {
  readonly kind: PollFailureKind;
  readonly detail: string;
}

export interface HealthWatch {
  readonly report: HealthReport | null;
  readonly reportedAtMs: number | null;
  readonly failure: (PollFailure & { readonly sinceMs: number }) | null;
}

export type Freshness = 'connecting' | 'live' | 'late' | PollFailureKind;

export const POLL_INTERVAL_MS = 2_000;
export const POLL_TIMEOUT_MS = 5_000;
/** The slowest successful poll is 7 s after the last; one second more, and the report is old. */
export const STALE_AFTER_MS = POLL_INTERVAL_MS + POLL_TIMEOUT_MS + 1_000;

export const NOTHING_SEEN: HealthWatch = { report: null, reportedAtMs: null, failure: null };

export function afterReport(report: HealthReport, nowMs: number): HealthWatch {
  return { report, reportedAtMs: nowMs, failure: null };
}

/** The last report stays; the first failure of a row of one kind says since when. */
export function afterFailure(watch: HealthWatch, failure: PollFailure, nowMs: number): HealthWatch {
  const before = watch.failure;
  const sinceMs = before?.kind === failure.kind ? before.sinceMs : nowMs;
  return { ...watch, failure: { ...failure, sinceMs } };
}

export function freshnessOf(watch: HealthWatch, nowMs: number): Freshness {
  if (watch.failure) return watch.failure.kind;
  if (watch.reportedAtMs === null) return 'connecting';
  // A sleeping laptop or a hidden tab stops polling without any failure.
  return nowMs - watch.reportedAtMs > STALE_AFTER_MS ? 'late' : 'live';
}
