/** The ledger's lines in one currency. */

import { compare } from '../../shared/amounts/amounts';
import { dateClockText } from '../../shared/time-text';
import { Loaded } from '../../shared/view/loaded';
import { LongTable } from '../../shared/view/long-table';
import type { Column } from '../../shared/view/use-texts';
import { type LedgerLine, useStatement } from './get-statement';

export function Statement({ currency }: { currency: string }) {
  const asked = useStatement(currency);
  return (
    <Loaded asked={asked} none={`No ledger lines in ${currency}.`}>
      {(lines) => (
        <LongTable
          caption={`The ledger's lines in ${currency}, newest first`}
          isCaptionSeen
          className="statement"
          columns={COLUMNS}
          rows={lines}
          keyOf={idOf}
          older={{ ...asked.older, what: 'lines' }}
        />
      )}
    </Loaded>
  );
}

const idOf = (line: LedgerLine) => line.posting_id;

const COLUMNS: ReadonlyArray<Column<LedgerLine>> = [
  { name: 'Time', text: (line) => dateClockText(line.at_ms) },
  {
    name: 'For',
    text: (line) => line.reference_type,
    title: (line) => line.reference_id,
  },
  { name: 'Account', text: (line) => line.account },
  { name: 'Amount', text: ({ amount }) => `${compare(amount, '0') > 0 ? '+' : ''}${amount}` },
];
