/** What a user has of each currency. */

export interface Balance {
  currency: string;
  available: string;
  reserved: string;
}

/** Binance's outboundAccountPosition. */
export interface AccountPosition {
  e: 'outboundAccountPosition';
  E: number;
  B: ReadonlyArray<{ a: string; f: string; l: string }>;
}

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
