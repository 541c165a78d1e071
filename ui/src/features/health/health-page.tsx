import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useNow } from '../../shared/use-now';
import { groupComponents } from './component-names';
import { ComponentTable } from './component-table';
import { healthQuery } from './get-health';
import { HealthBanner } from './health-banner';
import { HealthLinks } from './health-links';
import { summaryOf } from './health-summary';
import { freshnessOf, NOTHING_SEEN } from './health-watch';
import { useTitle } from './use-title';
import './health.css';

const CLOCK_INTERVAL_MS = 1_000;

export function HealthPage() {
  const { data: watch = NOTHING_SEEN } = useQuery(healthQuery);
  const nowMs = useNow(CLOCK_INTERVAL_MS);
  const freshness = freshnessOf(watch, nowMs);
  const summary = summaryOf(watch, freshness);
  const { report } = watch;

  useTitle(`${summary.headline} · TradeFlow`);

  return (
    <div className="health">
      <header className="masthead">
        <h1>
          <Link href="/">TradeFlow</Link> <span>health</span>
        </h1>
        {report && <span className="version">version {report.version}</span>}
        <HealthLinks temporalUi={report?.temporal_ui || null} />
      </header>
      <main>
        <HealthBanner summary={summary} watch={watch} nowMs={nowMs} />
        {report && (
          <div className="groups">
            {groupComponents(report.components).map((group) => (
              <ComponentTable key={group.title} group={group} stale={freshness !== 'live'} />
            ))}
          </div>
        )}
      </main>
    </div>
  );
}
