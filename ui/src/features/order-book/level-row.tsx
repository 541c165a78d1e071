/** One price of the book. Drawn anew only when what it shows has changed. */

import { memo } from 'react';
import type { Level } from '../../shared/live/live-book';
import { leaveKeyboard } from '../../shared/ticket/keyboard-focus';

export type BookSide = 'bid' | 'ask';

interface LevelRowProps {
  level: Level;
  side: BookSide;
  deepest: number;
  decimals: number;
  onPick: (price: string, side: BookSide) => void;
}

export const LevelRow = memo(
  function LevelRow({ level, side, deepest, decimals, onPick }: LevelRowProps) {
    return (
      <button
        type="button"
        className={`level ${side}`}
        tabIndex={-1}
        onMouseDown={leaveKeyboard}
        onClick={() => onPick(level.price, side)}
      >
        <i style={{ transform: `scaleX(${share(level, deepest)})` }} />
        <span>{level.price}</span>
        <span>{Number(level.quantity).toFixed(decimals)}</span>
        <span>{level.cumulative.toFixed(decimals)}</span>
      </button>
    );
  },
  (before, after) =>
    before.level.price === after.level.price &&
    before.level.quantity === after.level.quantity &&
    before.level.cumulative === after.level.cumulative &&
    share(before.level, before.deepest) === share(after.level, after.deepest) &&
    before.decimals === after.decimals &&
    before.onPick === after.onPick,
);

/** Of the deepest level, in hundredths: finer than that nobody sees. */
function share(level: Level, deepest: number): number {
  return Math.round((level.cumulative / deepest) * 100) / 100;
}
