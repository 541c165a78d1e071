/** What stands around every page: the name, the markets, the ways to the other pages. */

import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { LiveBadge } from '../features/live-badge/live-badge';
import { MarketSwitcher } from '../features/market-switcher/market-switcher';
import { Shortcuts } from '../features/shortcuts/shortcuts';
import { useUser } from '../shared/live/live-context';
import type { Market } from '../shared/markets/markets';
import { Follow } from './follow';
import { UserMenu } from './user-menu';

interface ShellProps {
  markets: readonly Market[];
  /** The market that the page shows; null on pages of none. */
  chosen: Market | null;
  children: ReactNode;
}

export function Shell({ markets, chosen, children }: ShellProps) {
  const user = useUser();
  return (
    <div className="shell">
      <Follow />
      <header className="masthead">
        <h1>
          <Link href="/">TradeFlow</Link>
        </h1>
        <MarketSwitcher markets={markets} chosen={chosen} />
        <nav className="pages" aria-label="Pages">
          <LiveBadge />
          {user?.role === 'ops' && <Link href="/ops">Ops</Link>}
          {user?.role === 'compliance' && <Link href="/compliance">Audit</Link>}
          <Link href="/keys">API keys</Link>
          <Link href="/health">Health</Link>
          {chosen && <Shortcuts market={chosen} />}
          <UserMenu />
        </nav>
      </header>
      <main>{children}</main>
    </div>
  );
}
