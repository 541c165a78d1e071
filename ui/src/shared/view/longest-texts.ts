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
