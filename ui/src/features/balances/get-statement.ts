/** GET /v1/ledger: the user's postings, newest first. */

import { useMemo } from 'react';
import { STATEMENT } from '../../shared/account/use-balances';
import type { Model } from '../../shared/api/answer';
import type { Source } from '../../shared/api/pages';
import { type Pages, usePages } from '../../shared/api/use-pages';

const ROWS = 100;

export type LedgerLine = Model<'LedgerLine'>;

export function useStatement(currency: string): Pages<LedgerLine> {
  const source = useMemo(() => linesIn(currency), [currency]);
  return usePages(STATEMENT, source, currency);
}

function linesIn(currency: string): Source<LedgerLine, LedgerLine> {
  return {
    path: '/v1/ledger',
    parameters: (before) => ({ currency, limit: ROWS, before_id: before ?? undefined }),
    read: (lines) => lines,
    keyOf: (line) => line.posting_id,
    cursorOf: (line) => line.posting_id,
    isFinal: () => true,
  };
}
