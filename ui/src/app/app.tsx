/** Which page is shown at which address. */

import { Suspense } from 'react';
import { Toaster } from 'sonner';
import { Redirect, Route, Switch } from 'wouter';
import { HealthPage } from '../features/health/health-page';
import { useMarkets } from '../shared/markets/get-markets';
import { Boundary } from './boundary';
import { Shell } from './shell';
import { TradePage } from './trade-page';

export function App() {
  return (
    <>
      <Switch>
        <Route path="/health" component={HealthPage} />
        <Route path="/trade/:symbol">
          {({ symbol }) => (
            <Boundary>
              <Suspense fallback={<p className="nothing">Loading the markets…</p>}>
                <Trade symbol={symbol} />
              </Suspense>
            </Boundary>
          )}
        </Route>
        <Route>
          <Redirect to="/trade/BTCUSDT" replace />
        </Route>
      </Switch>
      <Toaster theme="dark" position="bottom-right" closeButton />
    </>
  );
}

function Trade({ symbol }: { symbol: string }) {
  const markets = useMarkets();
  const chosen = markets.find((market) => market.symbol === symbol);
  const first = markets[0];
  if (!chosen) {
    return first ? (
      <Redirect to={`/trade/${first.symbol}`} replace />
    ) : (
      <p className="nothing">This exchange has no markets.</p>
    );
  }
  return (
    <Shell markets={markets} chosen={chosen}>
      <TradePage key={chosen.symbol} market={chosen} />
    </Shell>
  );
}
