/** Arithmetic on amounts: text in, text out, exact. Floats are for drawing alone. */

import Big from 'big.js';

Big.DP = 20;

export const PLACES = 8;
const AMOUNT = /^\d{1,12}(\.\d{0,8})?$/;

/** The amount that a person typed, null where it is none yet. */
export function typedAmount(text: string): string | null {
  return AMOUNT.test(text) ? text : null;
}

export function times(a: string, b: string): string {
  return Big(a).times(b).toFixed(PLACES);
}

export function plus(a: string, b: string): string {
  return Big(a).plus(b).toFixed(PLACES);
}

export function minus(a: string, b: string): string {
  return Big(a).minus(b).toFixed(PLACES);
}

/** -1, 0 or 1. */
export function compare(a: string, b: string): number {
  return Big(a).cmp(b);
}

export function isMultiple(value: string, step: string): boolean {
  return Big(value).mod(step).eq(0);
}

/** The multiple of `step` next to `value`, not above it or not below it. */
export function onGrid(value: string, step: string, towards: 'down' | 'up'): string {
  const rounding = towards === 'down' ? Big.roundDown : Big.roundUp;
  return Big(value).div(step).round(0, rounding).times(step).toFixed(PLACES);
}

/** How much a sum pays for at a price, in whole steps. */
export function paidFor(sum: string, price: string, step: string): string {
  return Big(sum)
    .div(Big(price).times(step))
    .round(0, Big.roundDown)
    .times(step)
    .toFixed(decimalsOf(step));
}

/** `value` moved by so many steps, never below one step, on the grid of steps. */
export function nudged(value: string, step: string, steps: number): string {
  const onGrid = Big(value || '0')
    .div(step)
    .round(0, Big.roundHalfUp);
  const moved = onGrid.plus(steps);
  return (moved.lt(1) ? Big(1) : moved).times(step).toFixed(decimalsOf(step));
}

/** How many decimals a step has: `0.01000000` has two. */
export function decimalsOf(step: string): number {
  const text = Big(step).toFixed();
  return text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
}

/** With a market's decimals and groups of thousands: `61,234.50`. */
export function shown(value: string, decimals: number): string {
  const [whole = '0', fraction] = Big(value).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Without the zeros that say nothing: `0.50000000` is `0.5`. */
export function trimmed(value: string): string {
  return Big(value).toFixed();
}
