import { describe, expect, it } from 'vitest';
import type { ComponentHealth, HealthReport } from './health-report';
import { componentSentence, overallStatus, summaryOf } from './health-summary';
import { afterFailure, afterReport, NOTHING_SEEN } from './health-watch';

const mysql: ComponentHealth = { name: 'mysql', status: 'ok', latency_ms: 1, detail: null };
const kafka: ComponentHealth = { name: 'kafka', status: 'down', latency_ms: null, detail: null };

function reportOf(
  status: HealthReport['status'],
  components: readonly ComponentHealth[],
): HealthReport {
  return { status, version: '1', time: '', components, temporal_ui: '' };
}

describe('overallStatus', () => {
  it('follows the gateway when its components agree', () => {
    expect(overallStatus(reportOf('ok', [mysql]))).toBe('ok');
    expect(overallStatus(reportOf('down', [mysql, kafka]))).toBe('down');
  });

  it('is degraded when the gateway says ok beside a component that is down', () => {
    expect(overallStatus(reportOf('ok', [mysql, kafka]))).toBe('degraded');
  });

  it('believes a gateway that is graver than its components', () => {
    expect(overallStatus(reportOf('degraded', [mysql]))).toBe('degraded');
  });
});

describe('componentSentence', () => {
  it('counts the components when all answer', () => {
    expect(componentSentence([mysql])).toBe('1 of 1 components up.');
  });

  it('names the ones that are down, in the order of the tables', () => {
    const audit = { ...kafka, name: 'audit' };
    expect(componentSentence([audit, mysql, kafka])).toBe('2 of 3 components down: Kafka, Audit.');
  });
});

describe('summaryOf', () => {
  const unreachable = { kind: 'unreachable', detail: 'Could not connect.' } as const;

  it('points at the last report only if there is one', () => {
    const never = afterFailure(NOTHING_SEEN, unreachable, 0);
    const lost = afterFailure(afterReport(reportOf('ok', [mysql]), 0), unreachable, 1);
    expect(summaryOf(never, 'unreachable').sentence).toBe('Could not connect.');
    expect(summaryOf(lost, 'unreachable').sentence).toMatch('is the last report');
  });

  it('does not call a platform up from an old report', () => {
    const watch = afterReport(reportOf('ok', [mysql]), 0);
    expect(summaryOf(watch, 'late')).toMatchObject({ tone: 'unknown', headline: 'Report is old' });
  });
});
