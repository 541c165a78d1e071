import { describe, expect, it } from 'vitest';
import type { HealthReport } from './health-report';
import {
  afterFailure,
  afterReport,
  freshnessOf,
  NOTHING_SEEN,
  type PollFailure,
  STALE_AFTER_MS,
} from './health-watch';

const report: HealthReport = {
  status: 'ok',
  version: '1.0.0',
  time: '2026-01-02T03:04:05Z',
  components: [],
  temporal_ui: '',
};
const unreachable: PollFailure = { kind: 'unreachable', detail: 'could not connect' };
const unreadable: PollFailure = { kind: 'unreadable', detail: 'HTTP 500' };

describe('the watch', () => {
  it('keeps the last report, and when it came, through failures', () => {
    const watch = afterFailure(afterReport(report, 1_000), unreachable, 3_000);
    expect(watch.report).toBe(report);
    expect(watch.reportedAtMs).toBe(1_000);
  });

  it('dates an outage from its first failure', () => {
    const first = afterFailure(afterReport(report, 1_000), unreachable, 3_000);
    expect(afterFailure(first, unreachable, 5_000).failure?.sinceMs).toBe(3_000);
  });

  it('dates a failure of another kind anew', () => {
    const first = afterFailure(NOTHING_SEEN, unreachable, 3_000);
    expect(afterFailure(first, unreadable, 5_000).failure?.sinceMs).toBe(5_000);
  });

  it('forgets the outage with the next report', () => {
    expect(afterReport(report, 7_000).failure).toBeNull();
  });
});

describe('freshnessOf', () => {
  it('is connecting before the first answer', () => {
    expect(freshnessOf(NOTHING_SEEN, 0)).toBe('connecting');
  });

  it('is live until the report is too old, and late from then on', () => {
    const watch = afterReport(report, 1_000);
    expect(freshnessOf(watch, 1_000 + STALE_AFTER_MS)).toBe('live');
    expect(freshnessOf(watch, 1_001 + STALE_AFTER_MS)).toBe('late');
  });

  it('names the failure, however fresh the last report is', () => {
    const watch = afterReport(report, 1_000);
    expect(freshnessOf(afterFailure(watch, unreachable, 1_001), 1_001)).toBe('unreachable');
    expect(freshnessOf(afterFailure(watch, unreadable, 1_001), 1_001)).toBe('unreadable');
  });
});
