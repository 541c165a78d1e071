/** The columns of a long table, and how wide they are whichever rows are drawn. */

import { type ReactNode, useMemo } from 'react';

export interface Column<Row> {
  name: string;
  /** The name is for screen readers alone. */
  isUnseen?: boolean;
  text: (row: Row) => string;
  /** What is drawn instead of the text, at most as wide as a button with that text. */
  cell?: (row: Row) => ReactNode;
  className?: (row: Row) => string;
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

/** Of each column the longest text of all rows. Figures being tabular, none is wider. */
export function longestTexts<Row>(
  rows: readonly Row[],
  textsOf: (row: Row) => readonly string[],
): readonly string[] {
  const longest: string[] = [];
  for (const row of rows) {
    textsOf(row).forEach((text, n) => {
      if (text.length >= (longest[n] ?? '').length) longest[n] = text;
    });
  }
  return longest;
}
