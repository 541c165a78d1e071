/** One side of the book, as many rows as there is room for, the best price at the spread. */

import { List, type RowComponentProps } from 'react-window';
import type { Level } from '../../shared/live/book-side';
import type { Market } from '../../shared/markets/markets';
import { type BookSide, LevelRow } from './level-row';

const ROW_PX = 20;
const OVERSCAN = 4;
/** The list measures itself when its length changes: with each level that comes or goes is too often. */
const ROWS_ROUNDED = 20;

interface SideProps {
  levels: readonly Level[];
  side: BookSide;
  deepest: number;
  market: Market;
  onPick: (price: string, side: BookSide) => void;
}

export function BookSideList(props: SideProps) {
  return (
    <List
      className={`book-side ${props.side}`}
      aria-label={props.side === 'bid' ? 'Bids' : 'Asks'}
      rowComponent={Row}
      rowCount={Math.ceil(props.levels.length / ROWS_ROUNDED) * ROWS_ROUNDED}
      rowHeight={ROW_PX}
      rowProps={props}
      overscanCount={OVERSCAN}
    />
  );
}

function Row({ index, style, ariaAttributes, levels, ...rest }: RowComponentProps<SideProps>) {
  const level = levels[index];
  if (!level) return null;
  return (
    <div {...ariaAttributes} style={style}>
      <LevelRow level={level} {...rowProps(rest)} />
    </div>
  );
}

function rowProps({ side, deepest, market, onPick }: Omit<SideProps, 'levels'>) {
  return { side, deepest, market, onPick };
}
