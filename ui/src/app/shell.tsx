/** What stands around every page: the name, the markets, the ways to the other pages. */

import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { LiveBadge } from '../features/live-badge/live-badge';
import { MarketSwitcher } from '../features/market-switcher/market-switcher';
import type { Market } from '../shared/markets/markets';

interface ShellProps {
  markets: readonly Market[];
  chosen: Market;
  children: ReactNode;
}

export function Shell({ markets, chosen, children }: ShellProps) {
  return (
    <div className="shell">
      <header className="masthead">
        <h1>TradeFlow</h1>
        <MarketSwitcher markets={markets} chosen={chosen} />
        <nav className="pages" aria-label="Pages">
          <LiveBadge />
          <Link href="/health">Health</Link>
        </nav>
      </header>
      <main>{children}</main>
    </div>
  );
}
