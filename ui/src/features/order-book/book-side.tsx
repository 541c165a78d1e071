/** One side of the book, as many rows as there is room for, the best price at the spread. */

import type { Level } from '../../shared/live/book-side';
import type { Market } from '../../shared/markets/markets';
import { RowList, type RowProps } from '../../shared/view/row-list';
import { type BookSide, LevelRow } from './level-row';

const ROW_PX = 20;

interface SideProps {
  levels: readonly Level[];
  side: BookSide;
  deepest: number;
  market: Market;
  onPick: (price: string, side: BookSide) => void;
}

export function BookSideList(props: SideProps) {
  return (
    <RowList
      className={`book-side ${props.side}`}
      label={props.side === 'bid' ? 'Bids' : 'Asks'}
      rows={props.levels.length}
      rowPx={ROW_PX}
      row={Row}
      data={props}
    />
  );
}

function Row({
  index,
  place,
  data: { levels, side, deepest, market, onPick },
}: RowProps<SideProps>) {
  const level = levels[index];
  if (!level) return null;
  return (
    <div {...place}>
      <LevelRow level={level} side={side} deepest={deepest} market={market} onPick={onPick} />
    </div>
  );
}
