/** What the pages of a verification say together. */

import type { Model } from '../../shared/api/answer';

export interface Verification {
  records: number;
  chains: readonly Model<'ChainHead'>[];
  broken: Model<'ChainBreak'> | null;
  /** Records in no chain; known at the end. */
  withoutHash: number | null;
}

export const NOTHING_YET: Verification = {
  records: 0,
  chains: [],
  broken: null,
  withoutHash: null,
};

export function add(found: Verification, page: Model<'ChainCheck'>): Verification {
  return {
    records: found.records + page.records,
    chains: page.ended ? [...found.chains, page.ended] : found.chains,
    broken: page.broken,
    withoutHash: page.without_hash,
  };
}

export function count(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
}
