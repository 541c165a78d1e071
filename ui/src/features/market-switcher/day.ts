/** A market's last 24 hours in words, with a sign beside the colour. */

import { shown } from '../../shared/amounts/amounts';
import type { Model } from '../../shared/api/answer';
import type { Market } from '../../shared/markets/markets';

/** Of GET ticker/24hr, and of the mini ticker that follows it. */
export interface Day {
  symbol: string;
  last: string;
  open: string;
  high: string;
  low: string;
  volume: string;
  quoteVolume: string;
}

export type MiniTicker = Pick<Model<'MiniTicker'>, 's' | 'c' | 'o' | 'h' | 'l' | 'v' | 'q'>;

export type TickerRow = Pick<
  Model<'TickerRow'>,
  'symbol' | 'lastPrice' | 'openPrice' | 'highPrice' | 'lowPrice' | 'volume' | 'quoteVolume'
>;

export function fromRow(row: TickerRow): Day {
  return {
    symbol: row.symbol,
    last: row.lastPrice,
    open: row.openPrice,
    high: row.highPrice,
    low: row.lowPrice,
    volume: row.volume,
    quoteVolume: row.quoteVolume,
  };
}

export function fromMini(ticker: MiniTicker): Day {
  return {
    symbol: ticker.s,
    last: ticker.c,
    open: ticker.o,
    high: ticker.h,
    low: ticker.l,
    volume: ticker.v,
    quoteVolume: ticker.q,
  };
}

export type Direction = 'up' | 'down' | 'flat';

/** "+1.25 %", or "–" before the first trade. */
export function changeOf(day: Day | undefined): { text: string; direction: Direction } {
  const open = Number(day?.open ?? 0);
  if (!day || open === 0) return { text: '–', direction: 'flat' };
  const percent = ((Number(day.last) - open) / open) * 100;
  const direction = percent > 0 ? 'up' : percent < 0 ? 'down' : 'flat';
  return { text: `${percent >= 0 ? '+' : '−'}${Math.abs(percent).toFixed(2)} %`, direction };
}

export function priceOf(day: Day | undefined, market: Market): string {
  return day && Number(day.last) > 0 ? shown(day.last, market.priceDecimals) : '–';
}
