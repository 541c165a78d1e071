/** What ops do: markets, sagas, incidents. The health of every process has a page of its own. */

import { useUser } from '../../shared/live/live-context';
import { useTemporalUi } from '../../shared/markets/get-temporal-ui';
import type { Market } from '../../shared/markets/markets';
import { MarketTable } from './market-table';
import { SagaTable } from './saga-table';
import './ops.css';

export function OpsPage({ markets }: { markets: readonly Market[] }) {
  const user = useUser();
  const temporalUi = useTemporalUi();
  if (user?.role !== 'ops') return <p className="nothing">This page is for the role ops.</p>;
  return (
    <div className="ops-page">
      <MarketTable markets={markets} />
      <SagaTable temporalUi={temporalUi} />
    </div>
  );
}
