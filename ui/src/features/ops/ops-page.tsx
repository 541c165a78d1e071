/** What ops do: markets, sagas, incidents. The health of every process has a page of its own. */

import { Link } from 'wouter';
import { useUser } from '../../shared/live/live-context';
import { useTemporalUi } from '../../shared/markets/get-temporal-ui';
import type { Market } from '../../shared/markets/markets';
import { MarketTable } from './market-table';
import { SagaTable } from './saga-table';
import { useFreshMarkets } from './use-fresh-markets';
import './ops.css';

export function OpsPage({ markets }: { markets: readonly Market[] }) {
  const user = useUser();
  const temporalUi = useTemporalUi();
  useFreshMarkets();
  if (user?.role !== 'ops') return <p className="nothing">This page is for the role ops.</p>;
  return (
    <div className="ops-page">
      <p className="to-health">
        <Link href="/health">The health of every server and process</Link>
      </p>
      <MarketTable markets={markets} />
      <SagaTable temporalUi={temporalUi} />
    </div>
  );
}
