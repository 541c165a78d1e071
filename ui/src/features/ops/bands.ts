/** A price band in per cent and in prices, as the matching engine holds orders to it. */

import Big from 'big.js';
import { shown } from '../../shared/amounts/amounts';

export type Multipliers = readonly [down: string, up: string];

/** How far below and above the last price: `−80 % to +10 %`. */
export function percentsText([down, up]: Multipliers): string {
  return down && up ? `−${percentBelow(down)} % to +${percentAbove(up)} %` : '–';
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

/** `0.2` times the last price is 80 per cent below it. */
export function percentBelow(multiplier: string): string {
  return Big(1).minus(multiplier).times(100).toFixed();
}

/** `1.1` times the last price is 10 per cent above it. */
export function percentAbove(multiplier: string): string {
  return Big(multiplier).minus(1).times(100).toFixed();
}

export function multiplierBelow(percent: string): string {
  return Big(1).minus(Big(percent).div(100)).toFixed();
}

export function multiplierAbove(percent: string): string {
  return Big(1).plus(Big(percent).div(100)).toFixed();
}
