import { describe, expect, it } from 'vitest';
import { parseHealthReport, ReportNotUnderstood } from './health-report';

const kafka = { name: 'kafka', status: 'down', latency_ms: null, detail: 'no leader' };
const body = { status: 'degraded', version: '1.0.0', time: '2026-01-02T03:04:05Z' };

describe('parseHealthReport', () => {
  it('reads a full report', () => {
    const report = parseHealthReport({
      ...body,
      components: [{ name: 'mysql', status: 'ok', latency_ms: 1.5, detail: null }, kafka],
      temporal_ui: 'http://127.0.0.1:8233',
    });
    expect(report).toEqual({
      ...body,
      components: [
        { name: 'mysql', status: 'ok', latency_ms: 1.5, detail: null },
        { name: 'kafka', status: 'down', latency_ms: null, detail: 'no leader' },
      ],
      temporal_ui: 'http://127.0.0.1:8233',
    });
  });

  it('takes a missing Temporal address as none', () => {
    expect(parseHealthReport({ ...body, components: [] }).temporal_ui).toBe('');
  });

  it.each([
    ['the body', [], 'the body is not an object'],
    ['the list', { ...body, components: {} }, 'components is not a list'],
    ['the status', { ...body, status: 'fine', components: [] }, 'status is not ok'],
    [
      'a component',
      { ...body, components: [{ ...kafka, latency_ms: '3' }] },
      'components[0].latency_ms is not a number',
    ],
  ])('names what it does not understand: %s', (_what, json, message) => {
    expect(() => parseHealthReport(json)).toThrow(ReportNotUnderstood);
    expect(() => parseHealthReport(json)).toThrow(message);
  });
});
