/** The names of the columns, and below them a row of no height that makes each as wide as ever. */

import type { Column } from './use-texts';

interface LongTableHeadProps<Row> {
  columns: ReadonlyArray<Column<Row>>;
  longest: readonly string[];
  /** The first column has a button. */
  opens: boolean;
}

export function LongTableHead<Row>({ columns, longest, opens }: LongTableHeadProps<Row>) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map(({ name, isUnseen }) => (
          <th key={name} scope="col">
            {isUnseen ? <span className="unseen">{name}</span> : name}
          </th>
        ))}
      </tr>
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in this row can have the focus */}
      <tr className="widths" aria-hidden="true">
        {columns.map(({ name, cell }, n) => (
          <td
            key={name}
            className={cell || (opens && n === 0) ? 'framed' : undefined}
            data-text={longest[n] ?? ''}
          />
        ))}
      </tr>
    </thead>
  );
}
