/** The columns of a long table, and what stands in them. */

import { type ReactNode, useMemo } from 'react';

export interface Column<Row> {
  name: string;
  /** The name is for screen readers alone. */
  isUnseen?: boolean;
  text: (row: Row) => string;
  /** What is drawn instead of the text, at most as wide as a button with that text. */
  cell?: (row: Row) => ReactNode;
  className?: (row: Row) => string;
  /** What is told of the cell where one points at it. */
  title?: (row: Row) => string;
}

/** What stands in each cell, made once for each row. */
export function useTexts<Row extends object>(columns: ReadonlyArray<Column<Row>>) {
  return useMemo(() => {
    const made = new WeakMap<Row, readonly string[]>();
    return (row: Row): readonly string[] => {
      const texts = made.get(row) ?? columns.map(({ text }) => text(row));
      made.set(row, texts);
      return texts;
    };
  }, [columns]);
}
