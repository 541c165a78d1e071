/** Candles as the chart takes them: floats and seconds, since they are drawn and not reckoned with. */

import type { Model } from '../../shared/api/answer';

export const INTERVALS = ['1s', '1m', '5m', '15m', '1h', '4h', '1d', '1w'] as const;
export type Interval = (typeof INTERVALS)[number];

export interface Candle {
  /** When it opened, in seconds since 1970. */
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** A row of GET klines: open time, open, high, low, close, volume, and what is not drawn. */
export type KlineRow = Model<'KlineRow'>;

export interface KlineEvent {
  k: Pick<Model<'Kline'>, 't' | 'o' | 'h' | 'l' | 'c' | 'v'>;
}

export function fromRow([openMs, open, high, low, close, volume]: KlineRow): Candle {
  return candle(openMs, open, high, low, close, volume);
}

export function fromEvent({ k }: KlineEvent): Candle {
  return candle(k.t, k.o, k.h, k.l, k.c, k.v);
}

function candle(openMs: number, ...figures: readonly string[]): Candle {
  const [open = 0, high = 0, low = 0, close = 0, volume = 0] = figures.map(Number);
  return { time: Math.floor(openMs / 1_000), open, high, low, close, volume };
}
