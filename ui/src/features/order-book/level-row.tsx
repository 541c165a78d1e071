/** One price of the book. Drawn anew only when what it shows has changed. */

import { memo } from 'react';
import type { Level } from '../../shared/live/book-side';
import { gridOf } from '../../shared/markets/grid';
import type { Market } from '../../shared/markets/markets';
import { leaveKeyboard } from '../../shared/ticket/keyboard-focus';

export type BookSide = 'bid' | 'ask';

interface LevelRowProps {
  level: Level;
  side: BookSide;
  deepest: number;
  market: Market;
  onPick: (price: string, side: BookSide) => void;
}

export const LevelRow = memo(
  function LevelRow({ level, side, deepest, market, onPick }: LevelRowProps) {
    const price = gridOf(market.tick).text(level.ticks);
    const quantity = gridOf(market.lot);
    return (
      <button
        type="button"
        className={`level ${side}`}
        style={{ backgroundSize: `${share(level, deepest) * 100}% 18px` }}
        tabIndex={-1}
        onMouseDown={leaveKeyboard}
        onClick={() => onPick(price, side)}
      >
        <span>{price}</span>
        <span>{quantity.text(level.lots)}</span>
        <span>{quantity.text(level.cumulative)}</span>
      </button>
    );
  },
  (before, after) =>
    before.level.ticks === after.level.ticks &&
    before.level.lots === after.level.lots &&
    before.level.cumulative === after.level.cumulative &&
    share(before.level, before.deepest) === share(after.level, after.deepest) &&
    before.market === after.market &&
    before.onPick === after.onPick,
);

/** Of the deepest level, in steps of a few pixels: each one that differs is painted anew. */
const BAR_STEPS = 40;

function share(level: Level, deepest: number): number {
  return Math.round((level.cumulative / deepest) * BAR_STEPS) / BAR_STEPS;
}
