/**
 * A virtual list whose rows are drawn anew without the list. Given other rows, react-window asks
 * where it is scrolled to, and the browser has to lay out the page for the answer: too much for
 * what changes 20 times a second. So the list stays as it is, and its rows read what they show.
 */

import { type ComponentType, createContext, memo, type Ref, useContext, useMemo } from 'react';
import { List, type ListImperativeAPI, type RowComponentProps } from 'react-window';

/** The list measures itself when its length changes: with each row that comes or goes is too often. */
const ROWS_ROUNDED = 20;
/** Each is drawn as often as those in sight. */
const OVERSCAN = 1;

export interface RowProps<Data> {
  index: number;
  data: Data;
  /** For the outermost element of the row. */
  place: Pick<RowComponentProps, 'style'> & RowComponentProps['ariaAttributes'];
}

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
}

const RowData = createContext<unknown>(null);

export function RowList<Data>({ data, rows, isFixed, ...list }: RowListProps<Data>) {
  const rounded = isFixed ? rows : Math.ceil(rows / ROWS_ROUNDED) * ROWS_ROUNDED;
  return (
    <RowData value={data}>
      <Rows {...(list as Omit<ListProps, 'rows'>)} rows={rounded} />
    </RowData>
  );
}

type ListProps = Omit<RowListProps<unknown>, 'data' | 'isFixed'>;

const Rows = memo(function Rows({ label, rows, rowPx, row, ...rest }: ListProps) {
  const rowProps = useMemo(() => ({ row }), [row]);
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

function Place({
  index,
  style,
  ariaAttributes,
  row: Row,
}: RowComponentProps<{ row: ComponentType<RowProps<unknown>> }>) {
  const data = useContext(RowData);
  return <Row index={index} data={data} place={{ style, ...ariaAttributes }} />;
}
