/** What GET /v1/health says, checked at the border so that nothing behind it needs to doubt. */

import type { Model } from '../../shared/api/answer';

export type PlatformStatus = HealthReport['status'];
export type ComponentStatus = ComponentHealth['status'];

export type ComponentHealth = Model<'ComponentInfo'>;

export type HealthReport = Model<'HealthInfo'>;

export class ReportNotUnderstood extends Error {
  override name = 'ReportNotUnderstood';
}

export function parseHealthReport(json: unknown): HealthReport {
  const body = record(json, 'the body');
  if (!Array.isArray(body.components)) throw new ReportNotUnderstood('components is not a list');
  return {
    status: oneOf(body.status, ['ok', 'degraded', 'down'], 'status'),
    version: text(body.version, 'version'),
    time: text(body.time, 'time'),
    components: body.components.map(parseComponent),
    temporal_ui: optional(body.temporal_ui, text, 'temporal_ui') ?? '',
  };
}

function parseComponent(json: unknown, index: number): ComponentHealth {
  const where = `components[${index}]`;
  const body = record(json, where);
  return {
    name: text(body.name, `${where}.name`),
    status: oneOf(body.status, ['ok', 'down'], `${where}.status`),
    latency_ms: optional(body.latency_ms, number, `${where}.latency_ms`),
    detail: optional(body.detail, text, `${where}.detail`),
  };
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ReportNotUnderstood(`${where} is not an object`);
  }
  return value as Record<string, unknown>;
}

function text(value: unknown, where: string): string {
  if (typeof value !== 'string') throw new ReportNotUnderstood(`${where} is not a text`);
  return value;
}

function number(value: unknown, where: string): number {
  if (typeof value !== 'number') throw new ReportNotUnderstood(`${where} is not a number`);
  return value;
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[], where: string): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new ReportNotUnderstood(`${where} is not ${allowed.join(' | ')}`);
  return found;
}

function optional<T>(
  value: unknown,
  parse: (value: unknown, where: string) => T,
  where: string,
): T | null {
  return value === undefined || value === null ? null : parse(value, where);
}
