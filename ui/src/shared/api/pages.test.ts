import { expect, test } from 'vitest';
import { joined, newestOn, nextCursor, type Page, type Source } from './pages';

interface Row {
  id: number;
  state: 'open' | 'over';
}

const LIMIT = 3;
const source: Source<never, Row> = {
  path: '/rows',
  parameters: () => ({ limit: LIMIT }),
  read: (rows) => rows,
  keyOf: ({ id }) => id,
  cursorOf: ({ id }) => id,
  isFinal: ({ state }) => state === 'over',
};
const rows = (...ids: number[]): Row[] => ids.map((id) => ({ id, state: 'over' }));
const page = (isLast: boolean, ...ids: number[]): Page<Row> => ({ rows: rows(...ids), isLast });
const ids = ({ rows: those }: Page<Row>) => those.map(({ id }) => id);

/** Answers as the gateway would that has these rows, the newest first. */
function gateway(those: readonly Row[]) {
  const asked: Array<number | null> = [];
  const ask = async (cursor: number | null): Promise<Page<Row>> => {
    asked.push(cursor);
    const found = those.filter(({ id }) => cursor === null || id < cursor).slice(0, LIMIT);
    return { rows: found, isLast: found.length < LIMIT };
  };
  return { ask, asked };
}

test('the first time the newest rows are what there is', async () => {
  const { ask, asked } = gateway(rows(9, 8, 7, 6));
  expect(await newestOn(undefined, ask, source)).toEqual(page(false, 9, 8, 7));
  expect(asked).toEqual([null]);
});

test('new rows come on top; the oldest one stays, so that nothing lies before the next page', async () => {
  const { ask, asked } = gateway(rows(11, 10, 9, 8, 7, 6, 5));
  const now = await newestOn(page(false, 9, 8, 7), ask, source);
  expect(now).toEqual(page(false, 11, 10, 9, 8, 7));
  expect(nextCursor(now, source.cursorOf)).toBe(7);
  expect(asked).toEqual([null]);
});

test('rows that are known already do not become two', async () => {
  const { ask } = gateway(rows(9, 8, 7, 6));
  expect(ids(await newestOn(page(false, 9, 8, 7), ask, source))).toEqual([9, 8, 7]);
});

test('where more came than one answer holds, the list begins anew instead of with a gap', async () => {
  const { ask } = gateway(rows(14, 13, 12, 11, 10, 9));
  expect(await newestOn(page(false, 9, 8, 7), ask, source)).toEqual(page(false, 14, 13, 12));
});

test('a row that may still change is asked for again, however deep it lies', async () => {
  const known: Page<Row> = {
    rows: [...rows(12, 11, 10, 9), { id: 8, state: 'open' }],
    isLast: true,
  };
  const { ask, asked } = gateway(rows(12, 11, 10, 9, 8));
  const now = await newestOn(known, ask, source);
  expect(now).toEqual(page(true, 12, 11, 10, 9, 8));
  expect(asked).toEqual([null, 10]);
});

test('what is asked for again brings nothing of the next page', async () => {
  const known: Page<Row> = {
    rows: [...rows(12, 11, 10), { id: 9, state: 'open' }],
    isLast: false,
  };
  const { ask } = gateway(rows(12, 11, 10, 9, 8, 7, 6));
  expect(await newestOn(known, ask, source)).toEqual(page(false, 12, 11, 10, 9));
});

test('that there is nothing older is still known when new rows have come', async () => {
  const { ask } = gateway(rows(11, 10, 9, 8));
  const now = await newestOn(page(true, 10, 9, 8), ask, source);
  expect(now).toEqual(page(true, 11, 10, 9, 8));
  expect(nextCursor(now, source.cursorOf)).toBeNull();
});

test('pages that overlap are one list with each row once', () => {
  const pages = [page(false, 9, 8, 7), page(false, 7, 6, 5), page(true, 5)];
  expect(joined(pages, source.keyOf).map(({ id }) => id)).toEqual([9, 8, 7, 6, 5]);
});
