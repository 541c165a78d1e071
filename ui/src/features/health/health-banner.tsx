import { ageText, clockText } from '../../shared/time-text';
import type { HealthSummary } from './health-summary';
import type { HealthWatch, PollFailureKind } from './health-watch';
import { StatusSign } from './status-sign';

const SINCE: Readonly<Record<PollFailureKind, string>> = {
  unreachable: 'Unreachable since',
  unreadable: 'No report since',
};

interface HealthBannerProps {
  summary: HealthSummary;
  watch: HealthWatch;
  nowMs: number;
}

/** Only the headline and its sentence are announced; the ages beside them tick in silence. */
export function HealthBanner({ summary, watch, nowMs }: HealthBannerProps) {
  return (
    <section className="banner" data-tone={summary.tone} aria-label="Overall status">
      <StatusSign tone={summary.tone} />
      <div className="banner-words" role="status" aria-live="polite" aria-atomic="true">
        <h2>{summary.headline}</h2>
        <p>{summary.sentence}</p>
      </div>
      <dl className="banner-times">
        {watch.failure && (
          <Instant label={SINCE[watch.failure.kind]} atMs={watch.failure.sinceMs} nowMs={nowMs} />
        )}
        {watch.reportedAtMs !== null && (
          <Instant label="Last update" atMs={watch.reportedAtMs} nowMs={nowMs} />
        )}
      </dl>
    </section>
  );
}

function Instant({ label, atMs, nowMs }: { label: string; atMs: number; nowMs: number }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <time dateTime={new Date(atMs).toISOString()}>{clockText(atMs)}</time>
        <span className="age">{ageText(atMs, nowMs)}</span>
      </dd>
    </div>
  );
}
