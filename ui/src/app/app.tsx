/** Which page is shown at which address. */

import { type ReactNode, Suspense } from 'react';
import { Toaster } from 'sonner';
import { Redirect, Route, Switch } from 'wouter';
import { LoginPage } from '../features/login/login-page';
import { useMarkets } from '../shared/markets/get-markets';
import { Boundary } from './boundary';
import { lazyPage } from './lazy-page';
import { Shell } from './shell';
import { TradePage } from './trade-page';

const HealthPage = lazyPage(
  async () => (await import('../features/health/health-page')).HealthPage,
);
const ApiKeysPage = lazyPage(
  async () => (await import('../features/api-keys/api-keys-page')).ApiKeysPage,
);
const OpsPage = lazyPage(async () => (await import('../features/ops/ops-page')).OpsPage);
const CompliancePage = lazyPage(
  async () => (await import('../features/compliance/compliance-page')).CompliancePage,
);

export function App() {
  return (
    <>
      <Boundary>
        <Suspense fallback={<p className="nothing">Loading…</p>}>
          <Switch>
            <Route path="/login" component={LoginPage} />
            <Route path="/health" component={HealthPage} />
            <Route path="/keys">
              <Around>
                <ApiKeysPage />
              </Around>
            </Route>
            <Route path="/compliance">
              <Around>
                <CompliancePage />
              </Around>
            </Route>
            <Route path="/ops">
              <Ops />
            </Route>
            <Route path="/trade/:symbol">{({ symbol }) => <Trade symbol={symbol} />}</Route>
            <Route>
              <Trade symbol="BTCUSDT" />
            </Route>
          </Switch>
        </Suspense>
      </Boundary>
      <Toaster theme="dark" position="bottom-right" closeButton />
    </>
  );
}

function Ops() {
  const markets = useMarkets();
  return (
    <Shell markets={markets} chosen={null}>
      <OpsPage markets={markets} />
    </Shell>
  );
}

function Around({ children }: { children: ReactNode }) {
  return (
    <Shell markets={useMarkets()} chosen={null}>
      {children}
    </Shell>
  );
}

function Trade({ symbol }: { symbol: string }) {
  const markets = useMarkets();
  const chosen = markets.find((market) => market.symbol === symbol);
  if (chosen) {
    return (
      <Shell markets={markets} chosen={chosen}>
        <TradePage key={chosen.symbol} market={chosen} />
      </Shell>
    );
  }
  const first = markets[0];
  if (first) return <Redirect to={`/trade/${first.symbol}`} replace />;
  return <p className="nothing">This exchange has no markets.</p>;
}
