/** What the page says in words: one headline, one sentence, one tone. Nothing here ticks. */

import { componentName, groupComponents } from './component-names';
import type { ComponentHealth, HealthReport, PlatformStatus } from './health-report';
import type { Freshness, HealthWatch } from './health-watch';

export type Tone = 'good' | 'warn' | 'bad' | 'unknown';

export interface HealthSummary {
  readonly tone: Tone;
  readonly headline: string;
  readonly sentence: string;
}

const GRAVITY: readonly PlatformStatus[] = ['ok', 'degraded', 'down'];

const HEADLINES: Readonly<Record<PlatformStatus, Pick<HealthSummary, 'tone' | 'headline'>>> = {
  ok: { tone: 'good', headline: 'Platform is up' },
  degraded: { tone: 'warn', headline: 'Platform is degraded' },
  down: { tone: 'bad', headline: 'Platform is down' },
};

export function summaryOf(watch: HealthWatch, freshness: Freshness): HealthSummary {
  switch (freshness) {
    case 'connecting':
      return { tone: 'unknown', headline: 'Asking the gateway', sentence: 'No report yet.' };
    case 'late':
      return {
        tone: 'unknown',
        headline: 'Report is old',
        sentence: 'No newer one has come. Asking the gateway again.',
      };
    case 'unreachable':
      return { tone: 'bad', headline: 'Gateway unreachable', sentence: failureSentence(watch) };
    case 'unreadable':
      return { tone: 'bad', headline: 'No health report', sentence: failureSentence(watch) };
    case 'live':
      if (!watch.report) throw new Error('a live watch has a report');
      return {
        ...HEADLINES[overallStatus(watch.report)],
        sentence: componentSentence(watch.report.components),
      };
  }
}

/** The graver of what the gateway concludes and what its own components show. */
export function overallStatus(report: HealthReport): PlatformStatus {
  const shown = report.components.some(({ status }) => status === 'down') ? 'degraded' : 'ok';
  return GRAVITY.indexOf(report.status) >= GRAVITY.indexOf(shown) ? report.status : shown;
}

export function componentSentence(components: readonly ComponentHealth[]): string {
  // In the order of the tables, not of the answer.
  const shown = groupComponents(components).flatMap((group) => group.components);
  const down = shown.filter(({ status }) => status === 'down');
  if (down.length === 0) return `${components.length} of ${components.length} components up.`;
  const names = down.map(({ name }) => componentName(name).label).join(', ');
  return `${down.length} of ${components.length} components down: ${names}.`;
}

function failureSentence({ failure, report }: HealthWatch): string {
  const rest = report ? ' What is shown below is the last report.' : '';
  return `${failure?.detail ?? 'No answer.'}${rest}`;
}
