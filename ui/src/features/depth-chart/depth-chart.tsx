/** How much stands between here and a price, on both sides. */

import { useLiveBook } from '../../shared/live/use-live-book';
import type { Market } from '../../shared/markets/markets';
import { Panel } from '../../shared/view/panel';
import { depthPaths } from './depth-path';
import './depth-chart.css';

const LEVELS = 200;
/** A shape, and no figures that one reads: five times a second is enough. */
const EVERY_MS = 200;

export function DepthChart({ market }: { market: Market }) {
  const view = useLiveBook(market, LEVELS, 1, EVERY_MS);
  const paths = depthPaths(view, market.tick);
  return (
    <Panel title="Depth" className="depth-chart">
      {paths ? (
        <>
          <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img">
            <title>
              Cumulative depth from {paths.low} to {paths.high} {market.quote}
            </title>
            <path className="bids" d={paths.bids} />
            <path className="asks" d={paths.asks} />
          </svg>
          <div className="depth-edges">
            <span>{paths.low}</span>
            <span>{paths.high}</span>
          </div>
        </>
      ) : (
        <p className="nothing">The book has not both sides.</p>
      )}
    </Panel>
  );
}
