/**
 * A long list in pages, the newest rows first. The first page grows at its top and keeps its
 * oldest row, so what follows it stays what it was: to be current asks for the newest rows alone,
 * and for older ones that may still change.
 */

import type { Parameters } from './request';

export type Key = string | number;

export interface Page<Row> {
  rows: readonly Row[];
  /** There is nothing older. */
  isLast: boolean;
}

/** Where the rows of a list come from. */
export interface Source<Sent, Row> {
  path: string;
  /** What to ask for: the newest rows, or with a cursor those that come after it. */
  parameters: (cursor: number | null) => Parameters & { limit: number };
  /** The answer, the newest first. */
  read: (answer: readonly Sent[]) => readonly Row[];
  keyOf: (row: Row) => Key;
  /** Where to go on after a row. The answer may begin with rows that are known already. */
  cursorOf: (row: Row) => number;
  isFinal: (row: Row) => boolean;
}

type Ask<Row> = (cursor: number | null) => Promise<Page<Row>>;

/** The first page as it is now, on top of what it was: down to the same oldest row. */
export async function newestOn<Row>(
  known: Page<Row> | undefined,
  ask: Ask<Row>,
  { keyOf, cursorOf, isFinal }: Source<never, Row>,
): Promise<Page<Row>> {
  let fresh = await ask(null);
  const top = known?.rows[0];
  const has = (row: Row) => fresh.rows.some((other) => keyOf(other) === keyOf(row));
  // Where the two do not meet, rows lie between them: all is asked for anew, page by page.
  if (!known || !top || fresh.isLast || !has(top)) return fresh;
  let kept = without(known.rows, fresh.rows, keyOf);
  while (!fresh.isLast && !kept.every(isFinal)) {
    const next = await ask(nextCursor(fresh, cursorOf));
    fresh = { rows: joined([fresh, next], keyOf), isLast: next.isLast };
    kept = without(known.rows, fresh.rows, keyOf);
  }
  const oldest = keyOf(known.rows.at(-1) ?? top);
  const end = fresh.rows.findIndex((row) => keyOf(row) === oldest) + 1;
  const rows = end ? fresh.rows.slice(0, end) : [...fresh.rows, ...kept];
  return { rows, isLast: known.isLast };
}

function without<Row>(rows: readonly Row[], those: readonly Row[], keyOf: (row: Row) => Key) {
  const keys = new Set(those.map(keyOf));
  return rows.filter((row) => !keys.has(keyOf(row)));
}

/** All rows of all pages, each once. */
export function joined<Row>(
  pages: ReadonlyArray<Page<Row>>,
  keyOf: (row: Row) => Key,
): readonly Row[] {
  const byKey = new Map<Key, Row>();
  for (const { rows } of pages) {
    for (const row of rows) if (!byKey.has(keyOf(row))) byKey.set(keyOf(row), row);
  }
  return [...byKey.values()];
}

export function nextCursor<Row>(
  { rows, isLast }: Page<Row>,
  cursorOf: (row: Row) => number,
): number | null {
  const oldest = rows.at(-1);
  return isLast || oldest === undefined ? null : cursorOf(oldest);
}
