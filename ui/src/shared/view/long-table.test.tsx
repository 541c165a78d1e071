import { fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Older } from '../api/use-pages';
import { fakeLayout, MORE_PX, PANEL_PX, panel, ROW_PX, scrollTo } from '../testing/fake-layout';
import { LongTable } from './long-table';
import { Panel } from './panel';
import type { Column } from './use-texts';

interface Row {
  id: number;
  name: string;
}

const COLUMNS: ReadonlyArray<Column<Row>> = [
  { name: 'Id', text: ({ id }) => String(id) },
  { name: 'Name', text: ({ name }) => name },
];
const rows = (newest: number, oldest = 1): Row[] =>
  Array.from({ length: newest - oldest + 1 }, (_, n) => ({
    id: newest - n,
    name: `row ${newest - n}`,
  }));
const keyOf = ({ id }: Row) => id;
const THAT_IS_ALL: Older = { has: false, isFetching: false, error: null, fetch: () => undefined };

const table = (those: readonly Row[], older: Partial<Older> = {}) => (
  <Panel title="Rows">
    <LongTable
      caption="Rows"
      columns={COLUMNS}
      rows={those}
      keyOf={keyOf}
      more={({ name }) => `more of ${name}`}
      older={{ ...THAT_IS_ALL, ...older, what: 'rows' }}
    />
  </Panel>
);

const drawn = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => Number(within(row).getAllByRole('cell')[0]?.textContent));
const topOf = (id: number) => {
  const row = screen.getByText(`row ${id}`).closest('tr');
  const above = [...(row?.parentElement?.children ?? [])];
  return above
    .slice(0, row ? above.indexOf(row) : 0)
    .reduce((sum, { clientHeight }) => sum + clientHeight, -panel().scrollTop);
};

beforeEach(fakeLayout);
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test('of a thousand rows those are drawn that one sees, and some around them', () => {
  render(table(rows(1_000)));
  expect(drawn()).toEqual(rows(1_000, 981).map(keyOf));
  scrollTo(500 * ROW_PX);
  expect(drawn()).toEqual(rows(510, 481).map(keyOf));
  expect(topOf(500)).toBe(0);
});

test('a screen reader is told how long the table is, and where each row stands', () => {
  render(table(rows(1_000)));
  const list = screen.getByRole('table', { name: 'Rows' });
  expect(list.getAttribute('aria-rowcount')).toBe('1001');
  scrollTo(500 * ROW_PX);
  const row = screen.getByText('row 500').closest('tr');
  expect(row?.getAttribute('aria-rowindex')).toBe('502');
  expect(screen.getAllByRole('columnheader').map((head) => head.textContent)).toEqual([
    'Id',
    'Name',
  ]);
});

test('how long it is nobody knows while there are older rows', () => {
  render(table(rows(1_000), { has: true }));
  expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('-1');
});

test('rows that come while one reads older ones move nothing', () => {
  const { rerender } = render(table(rows(1_000)));
  scrollTo(500 * ROW_PX + 7);
  expect(topOf(500)).toBe(-7);
  rerender(table(rows(1_003)));
  expect(topOf(500)).toBe(-7);
  expect(panel().scrollTop).toBe(503 * ROW_PX + 7);
});

test('at the top the newest row is seen as it comes', () => {
  const { rerender } = render(table(rows(1_000)));
  rerender(table(rows(1_001)));
  expect(panel().scrollTop).toBe(0);
  expect(drawn()[0]).toBe(1_001);
});

test('rows that go from above one reads move nothing either', () => {
  const { rerender } = render(table(rows(1_000)));
  scrollTo(500 * ROW_PX);
  rerender(table(rows(1_000).filter(({ id }) => id < 990 || id > 995)));
  expect(topOf(500)).toBe(0);
});

test('what an open row tells has its own height, and stays in place when rows come', () => {
  const { rerender } = render(table(rows(1_000)));
  fireEvent.click(screen.getByRole('button', { name: '999' }));
  const told = screen.getByText('more of row 999').closest('tr');
  expect(told?.getAttribute('aria-rowindex')).toBe('4');
  expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('1002');
  const open = topOf(999);
  rerender(table(rows(1_001)));
  expect(topOf(999)).toBe(open);
  expect(screen.getByText('more of row 999')).toBeTruthy();
  scrollTo(500 * ROW_PX + MORE_PX);
  expect(topOf(501)).toBe(0);
  expect(drawn()).toHaveLength(30);
  scrollTo(0);
  fireEvent.click(screen.getByRole('button', { name: '999' }));
  expect(screen.queryByText('more of row 999')).toBeNull();
});

test('older rows are asked for near the end, and not before', () => {
  const fetch = vi.fn();
  const { rerender } = render(table(rows(200), { has: true, fetch }));
  expect(fetch).not.toHaveBeenCalled();
  scrollTo(200 * ROW_PX - PANEL_PX);
  expect(fetch).toHaveBeenCalled();
  fetch.mockClear();
  rerender(table(rows(200), { has: true, fetch, isFetching: true }));
  expect(screen.getByRole('status').textContent).toBe('Loading older rows…');
  expect(fetch).not.toHaveBeenCalled();
});

test('what was not to be had is asked for again by hand alone', () => {
  const fetch = vi.fn();
  render(table(rows(10), { has: true, fetch, error: new Error('Gone.') }));
  expect(screen.getByRole('alert').textContent).toContain('No older rows: Gone.');
  expect(fetch).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  expect(fetch).toHaveBeenCalledOnce();
});

test('at its end the table says that there is nothing older', () => {
  render(table(rows(3)));
  expect(screen.getByRole('status').textContent).toBe('No older rows.');
});

test('columns are as wide as their longest text, drawn or not', () => {
  render(table([...rows(1_000, 2), { id: 1, name: 'a very long name' }]));
  const widths = [...document.querySelectorAll<HTMLElement>('.widths td')];
  expect(widths.map(({ dataset }) => dataset.text)).toEqual(['1000', 'a very long name']);
  expect(screen.queryByText('a very long name')).toBeNull();
});
