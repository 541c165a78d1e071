/** The markets with their last price and change; the chosen one with its day. */

import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { shown } from '../../shared/amounts/amounts';
import type { Market } from '../../shared/markets/markets';
import { changeOf, priceOf } from './day';
import { useDays } from './use-days';
import './market-switcher.css';

interface MarketSwitcherProps {
  markets: readonly Market[];
  chosen: Market | null;
}

export function MarketSwitcher({ markets, chosen }: MarketSwitcherProps) {
  const days = useDays();
  const day = chosen ? days.get(chosen.symbol) : undefined;
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    // The one that is shown may be out of sight among many.
    if (chosen?.symbol) link.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [chosen?.symbol]);
  return (
    <div className="markets">
      <nav aria-label="Markets">
        {markets.map((market) => {
          const change = changeOf(days.get(market.symbol));
          return (
            <Link
              key={market.symbol}
              ref={market.symbol === chosen?.symbol ? link : null}
              href={`/trade/${market.symbol}`}
              aria-current={market.symbol === chosen?.symbol ? 'page' : undefined}
            >
              <b>
                {market.base}/{market.quote}
              </b>
              {market.status !== 'TRADING' && <em className="halted">{market.status}</em>}
              <span>{priceOf(days.get(market.symbol), market)}</span>
              <span className={change.direction}>{change.text}</span>
            </Link>
          );
        })}
      </nav>
      {chosen && day && (
        <dl className="day">
          <Figure name="24 h high" value={shown(day.high, chosen.priceDecimals)} />
          <Figure name="24 h low" value={shown(day.low, chosen.priceDecimals)} />
          <Figure name={`24 h ${chosen.base}`} value={shown(day.volume, 2)} />
          <Figure name={`24 h ${chosen.quote}`} value={shown(day.quoteVolume, 2)} />
        </dl>
      )}
    </div>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
