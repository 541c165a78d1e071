/** One price of the book. Drawn anew only when what it shows has changed. */

import { memo } from 'react';
import type { Level } from '../../shared/live/book-side';
import { gridOf } from '../../shared/markets/grid';
import type { Market } from '../../shared/markets/markets';
import { leaveKeyboard } from '../../shared/ticket/keyboard-focus';
import type { RowPlace } from '../../shared/view/row-list';

export type BookSide = 'bid' | 'ask';

interface LevelRowProps {
  place: RowPlace;
  level: Level;
  side: BookSide;
  deepest: number;
  market: Market;
  onPick: (price: string, side: BookSide) => void;
}

export const LevelRow = memo(
  function LevelRow({ place, level, side, deepest, market, onPick }: LevelRowProps) {
    const price = gridOf(market.tick).text(level.ticks);
    const quantity = gridOf(market.lot);
    // Not a button, which the browser lays out as two boxes.
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: who uses the keyboard has the ticket's fields.
      // biome-ignore lint/a11y/noStaticElementInteractions: a row of a list by `place`.
      <div
        {...place}
        className={`level ${side}`}
        style={{ ...place.style, backgroundSize: `${share(level, deepest) * 100}% 18px` }}
        onMouseDown={leaveKeyboard}
        onClick={() => onPick(price, side)}
      >
        <span>{price}</span>
        <span>{quantity.text(level.lots)}</span>
        <span>{quantity.text(level.cumulative)}</span>
      </div>
    );
  },
  (before, after) =>
    before.place === after.place &&
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
