/** How many ticks may be joined to one row: 1, then round multiples. */

import { times, trimmed } from '../amounts/amounts';

export interface Grouping {
  ticks: number;
  /** The price step of a row, as text. */
  label: string;
}

const FACTORS = [1, 10, 50, 100, 1_000, 10_000];

export function groupings(tick: string): readonly Grouping[] {
  return FACTORS.map((ticks) => ({ ticks, label: trimmed(times(tick, String(ticks))) }));
}
