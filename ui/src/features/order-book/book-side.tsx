/** The two sides of the book, as many rows as there is room for, the best prices at the spread. */

import type { Level } from '../../shared/live/book-side';
import type { Market } from '../../shared/markets/markets';
import { RowList, type RowProps, roomFor } from '../../shared/view/row-list';
import { type BookSide, LevelRow } from './level-row';
import { useFromBottom } from './use-from-bottom';

const ROW_PX = 20;
/** Before it is measured. */
const HEIGHT_PX = 20 * ROW_PX;

interface SideProps {
  levels: readonly Level[];
  deepest: number;
  market: Market;
  onPick: (price: string, side: BookSide) => void;
}

/** The best ask is the last row. */
export function Asks(props: SideProps) {
  const { rows, ...fromBottom } = useFromBottom(roomFor(props.levels.length), ROW_PX);
  return (
    <RowList
      {...fromBottom}
      className="book-side ask"
      label="Asks"
      rows={rows}
      isFixed
      rowPx={ROW_PX}
      defaultHeight={HEIGHT_PX}
      row={Row}
      data={{ ...props, side: 'ask', last: rows - 1 }}
    />
  );
}

/** The best bid is the first row. */
export function Bids(props: SideProps) {
  return (
    <RowList
      className="book-side bid"
      label="Bids"
      rows={props.levels.length}
      rowPx={ROW_PX}
      defaultHeight={HEIGHT_PX}
      row={Row}
      data={{ ...props, side: 'bid', last: null }}
    />
  );
}

interface SideRows extends SideProps {
  side: BookSide;
  /** Where the best price is the last row, its index. */
  last: number | null;
}

function Row({ index, place, data: { levels, last, ...shared } }: RowProps<SideRows>) {
  const level = levels[last === null ? index : last - index];
  return level ? <LevelRow {...shared} level={level} place={place} /> : null;
}
