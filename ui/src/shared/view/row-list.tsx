/**
 * A virtual list whose rows are drawn anew without the list. Given other rows, react-window asks
 * where it is scrolled to, and the browser has to lay out the page for the answer: too much for
 * what changes 20 times a second. So the list stays as it is, and its rows read what they show.
 */

import {
  type ComponentType,
  createContext,
  memo,
  type Ref,
  type UIEvent,
  useContext,
  useMemo,
} from 'react';
import { List, type ListImperativeAPI, type RowComponentProps } from 'react-window';

/** The list measures itself when its length changes: with each row that comes or goes is too often. */
const ROWS_ROUNDED = 20;

/** Room for so many rows, which changes less often than their number. */
export function roomFor(rows: number): number {
  return Math.ceil(rows / ROWS_ROUNDED) * ROWS_ROUNDED;
}

/** Each is drawn as often as those in sight. */
const OVERSCAN = 1;

export interface RowProps<Data> {
  index: number;
  data: Data;
  place: RowPlace;
}

/** For the outermost element of the row; the same object as long as it stands where it stood. */
export type RowPlace = Pick<RowComponentProps, 'style'> & RowComponentProps['ariaAttributes'];

interface RowListProps<Data> {
  label: string;
  className?: string;
  rows: number;
  rowPx: number;
  /** Null beyond the last row. The same component each time. */
  row: ComponentType<RowProps<Data>>;
  data: Data;
  tabIndex?: number;
  /** There are always so many. */
  isFixed?: boolean;
  /** Where the rows are a table's. */
  role?: 'rowgroup';
  /** Scrolls it. */
  listRef?: Ref<ListImperativeAPI>;
  /** As high it is taken to be until it is measured. */
  defaultHeight?: number;
  /** The same function each time, as is `onScroll`. */
  onResize?: (size: { height: number }) => void;
  onScroll?: (event: UIEvent<HTMLElement>) => void;
}

const RowData = createContext<unknown>(null);

export function RowList<Data>({ data, rows, isFixed, ...list }: RowListProps<Data>) {
  return (
    <RowData value={data}>
      <Rows {...(list as Omit<ListProps, 'rows'>)} rows={isFixed ? rows : roomFor(rows)} />
    </RowData>
  );
}

type ListProps = Omit<RowListProps<unknown>, 'data' | 'isFixed'>;

const Rows = memo(function Rows({ label, rows, rowPx, row, ...rest }: ListProps) {
  const rowProps = useMemo(() => ({ row, rowPx }), [row, rowPx]);
  return (
    <List
      aria-label={label}
      rowComponent={Place}
      rowCount={rows}
      rowHeight={rowPx}
      rowProps={rowProps}
      overscanCount={OVERSCAN}
      {...rest}
    />
  );
});

interface PlaceProps {
  row: ComponentType<RowProps<unknown>>;
  rowPx: number;
}

function Place({ index, ariaAttributes, row: Row, rowPx }: RowComponentProps<PlaceProps>) {
  const data = useContext(RowData);
  const { 'aria-posinset': at, 'aria-setsize': of, role } = ariaAttributes;
  const place = useMemo(
    () =>
      ({
        // Not by a transform, as react-window would: each of them is painted as a piece of its own.
        style: { position: 'absolute', top: index * rowPx, left: 0, width: '100%', height: rowPx },
        'aria-posinset': at,
        'aria-setsize': of,
        role,
      }) as const,
    [index, rowPx, at, of, role],
  );
  return <Row index={index} data={data} place={place} />;
}
