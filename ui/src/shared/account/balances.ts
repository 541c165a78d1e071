/** What a user has of each currency. */

import type { Model } from '../api/answer';

export interface Balance {
  currency: string;
  available: string;
  reserved: string;
}

/** Binance's outboundAccountPosition, as far as the page reads it. */
export type AccountPosition = Pick<Model<'AccountPosition'>, 'e' | 'E' | 'B'>;

export function withPosition(
  balances: readonly Balance[],
  position: AccountPosition,
): readonly Balance[] {
  const known = new Map(balances.map((balance) => [balance.currency, balance]));
  for (const { a, f, l } of position.B) {
    known.set(a, { currency: a, available: f, reserved: l });
  }
  return [...known.values()].sort((x, y) => x.currency.localeCompare(y.currency));
}

export function availableOf(balances: readonly Balance[], currency: string): string {
  return balances.find((balance) => balance.currency === currency)?.available ?? '0.00000000';
}
