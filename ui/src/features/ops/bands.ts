/** A price band in prices, as the matching engine holds orders to it. */

import Big from 'big.js';
import { shown, trimmed } from '../../shared/amounts/amounts';

export type Multipliers = readonly [down: string, up: string];

export function multipliersText([down, up]: Multipliers): string {
  return down && up ? `× ${trimmed(down)} to × ${trimmed(up)}` : '–';
}

/** The lowest and highest price on the market's ticks; empty without a band or a last price. */
export function pricesText(
  [down, up]: Multipliers,
  reference: string | undefined,
  tick: string,
  decimals: number,
): string {
  if (!down || !up || !reference || Big(reference).eq(0)) return '';
  const ticks = (multiplier: string, rounding: 0 | 3) =>
    Big(reference).times(multiplier).div(tick).round(0, rounding).times(tick).toFixed();
  const lowest = shown(ticks(down, Big.roundUp), decimals);
  return `${lowest} to ${shown(ticks(up, Big.roundDown), decimals)}`;
}
