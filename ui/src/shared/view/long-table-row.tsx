/** A row of a long table. Drawn anew only where it shows something else. */

import { memo, type ReactNode, type Ref } from 'react';
import type { Key } from '../api/pages';
import type { Column } from './use-texts';

interface LongTableRowProps<Row> {
  id: Key;
  row: Row;
  columns: ReadonlyArray<Column<Row>>;
  texts: readonly string[];
  ariaRowIndex: number;
  isOpen: boolean;
  /** Where the row has more to tell: its first cell is a button then. */
  onOpen: ((id: Key) => void) | undefined;
  measure: Ref<HTMLTableRowElement> | undefined;
}

function Drawn<Row>(props: LongTableRowProps<Row>): ReactNode {
  const { id, row, columns, texts, ariaRowIndex, isOpen, onOpen, measure } = props;
  return (
    <tr ref={measure} aria-rowindex={ariaRowIndex}>
      {columns.map(({ name, className, title, cell }, n) => (
        <td key={name} className={className?.(row)} title={title?.(row)}>
          {n === 0 && onOpen ? (
            <button
              type="button"
              className="tell"
              aria-expanded={isOpen}
              onClick={() => onOpen(id)}
            >
              {texts[n]}
            </button>
          ) : (
            (cell?.(row) ?? texts[n])
          )}
        </td>
      ))}
    </tr>
  );
}

export const LongTableRow = memo(Drawn) as typeof Drawn;
