/**
 * A table of any length that draws the rows one sees. It is a real table, so that columns stand
 * below their names and screen readers walk it; for rows that are not drawn there is space.
 */

import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import type { Key } from '../api/pages';
import type { Older } from '../api/use-pages';
import { LongTableHead } from './long-table-head';
import { LongTableRow } from './long-table-row';
import { longestTexts } from './longest-texts';
import { OlderRows } from './older-rows';
import { useDrawnRows } from './use-drawn-rows';
import { type Column, useTexts } from './use-texts';
import './long-table.css';

interface LongTableProps<Row> {
  caption: string;
  isCaptionSeen?: boolean;
  className?: string;
  /** Remembered, as the texts of each row are. */
  columns: ReadonlyArray<Column<Row>>;
  rows: readonly Row[];
  /** A constant. */
  keyOf: (row: Row) => Key;
  /** What a row tells below itself when one opens it. */
  more?: (row: Row) => ReactNode;
  /** The rows beyond the last one, and what they are called. */
  older?: Older & { what: string };
}

export function LongTable<Row extends object>(props: LongTableProps<Row>) {
  const {
    caption,
    isCaptionSeen = false,
    className = '',
    columns,
    rows,
    keyOf,
    more,
    older,
  } = props;
  const [opened, setOpened] = useState<Key | null>(null);
  const keys = useMemo(() => rows.map(keyOf), [rows, keyOf]);
  const drawn = useDrawnRows(keys, opened === null ? -1 : keys.indexOf(opened));
  const textsOf = useTexts(columns);
  const longest = useMemo(() => longestTexts(rows, textsOf), [rows, textsOf]);
  const toggle = useCallback((key: Key) => setOpened((open) => (open === key ? null : key)), []);
  useEffect(() => {
    if (drawn.isNearTheEnd && older?.has && !older.isFetching && !older.error) older.fetch();
  });
  const { lines, count, abovePx, belowPx, setElement, measureRow, measureMore } = drawn;
  return (
    <>
      <div ref={setElement}>
        <table
          className={`rows long ${className}`}
          aria-rowcount={older?.has ? -1 : count + HEAD_ROWS}
        >
          <caption className={isCaptionSeen ? undefined : 'unseen'}>{caption}</caption>
          <LongTableHead columns={columns} longest={longest} opens={more !== undefined} />
          <tbody>
            <Space px={abovePx} columns={columns.length} />
            {lines.map(({ at, row: index, isMore }, n) => {
              const [row, key] = [rows[index], keys[index]];
              if (row === undefined || key === undefined) return null;
              const ariaRowIndex = at + 1 + HEAD_ROWS;
              if (!isMore) {
                return (
                  <LongTableRow
                    key={key}
                    id={key}
                    row={row}
                    columns={columns}
                    texts={textsOf(row)}
                    ariaRowIndex={ariaRowIndex}
                    isOpen={key === opened}
                    onOpen={more && toggle}
                    measure={n === 0 ? measureRow : undefined}
                  />
                );
              }
              return (
                <tr
                  key={`${key} more`}
                  ref={measureMore}
                  className="more"
                  aria-rowindex={ariaRowIndex}
                >
                  <td colSpan={columns.length}>
                    <div>{more?.(row)}</div>
                  </td>
                </tr>
              );
            })}
            <Space px={belowPx} columns={columns.length} />
          </tbody>
        </table>
      </div>
      {older && <OlderRows older={older} what={older.what} />}
    </>
  );
}

const HEAD_ROWS = 1;

function Space({ px, columns }: { px: number; columns: number }) {
  if (px <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in this row can have the focus
    <tr aria-hidden="true" style={{ height: px }}>
      <td colSpan={columns} />
    </tr>
  );
}
