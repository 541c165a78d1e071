import { expect, test } from 'vitest';
import { LiveBook, type Pair } from '../../shared/live/live-book';
import { depthPaths } from './depth-path';

function view(bids: Pair[], asks: Pair[]) {
  const book = new LiveBook({ tick: '1', lot: '1' });
  book.reset({ lastUpdateId: 1, bids, asks });
  return book.view(10);
}

test('the stairs rise away from the middle, the deeper side to the top', () => {
  const paths = depthPaths(
    view(
      [
        ['90', '1'],
        ['80', '1'],
      ],
      [
        ['110', '1'],
        ['120', '3'],
      ],
    ),
    '1',
  );
  expect(paths).toEqual({
    bids: 'M25,100H25V75H0V50H0V100Z',
    asks: 'M75,100H75V75H100V0H100V100Z',
    low: '80',
    high: '120',
  });
});

test('a level far away does not press the others together', () => {
  const near = view([['90', '1']], [['110', '1']]);
  const far = view(
    [
      ['90', '1'],
      ['1', '9'],
    ],
    [['110', '1']],
  );
  expect(depthPaths(far, '1')).toEqual(depthPaths(near, '1'));
});

test('a book without one of its sides has no picture', () => {
  expect(depthPaths(view([['90', '1']], []), '1')).toBeNull();
});
