import { render, screen } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { RowList, type RowPlace, type RowProps, roomFor } from './row-list';

const drawn: { index: number; text: string; place: RowPlace }[] = [];

beforeEach(() => {
  drawn.length = 0;
});

function Row({ index, place, data }: RowProps<readonly string[]>) {
  const text = data[index];
  if (text === undefined) return null;
  drawn.push({ index, text, place });
  return <div {...place}>{text}</div>;
}

const list = (texts: readonly string[]) => (
  <RowList
    label="Texts"
    rows={texts.length}
    rowPx={20}
    row={Row}
    data={texts}
    defaultHeight={100}
  />
);

test('rows stand one below the other', () => {
  render(list(['a', 'b', 'c']));
  const places = screen.getAllByRole('listitem').map(({ textContent, style }) => {
    const { top, height, transform } = style;
    return [textContent, top, height, transform];
  });
  expect(places).toEqual([
    ['a', '0px', '20px', ''],
    ['b', '20px', '20px', ''],
    ['c', '40px', '20px', ''],
  ]);
});

test('rows show other data in the same place, which tells them to draw no more than that', () => {
  const { rerender } = render(list(['a', 'b']));
  const before = new Map(drawn.splice(0).map(({ index, place }) => [index, place]));
  rerender(list(['a', 'x']));
  expect(drawn.map(({ text }) => text)).toEqual(['a', 'x']);
  expect(drawn.every(({ index, place }) => place === before.get(index))).toBe(true);
});

test('a list has room for more rows than there are, in steps', () => {
  expect([0, 1, 20, 21].map(roomFor)).toEqual([0, 20, 20, 40]);
  render(list(['a']));
  expect(screen.getByText('a').getAttribute('aria-setsize')).toBe('20');
});
