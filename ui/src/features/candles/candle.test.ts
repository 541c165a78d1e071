import { expect, test } from 'vitest';
import { fromEvent, fromRow } from './candle';

const CANDLE = { time: 60, open: 1, high: 3, low: 0.5, close: 2, volume: 9.25 };

test('a row and an event tell the same candle', () => {
  const notDrawn = [119_999, '7', 3, '1', '2', '0'] as const;
  expect(fromRow([60_000, '1', '3', '0.5', '2', '9.25', ...notDrawn])).toEqual(CANDLE);
  const k = { t: 60_000, i: '1m', o: '1', h: '3', l: '0.5', c: '2', v: '9.25' };
  expect(fromEvent({ k })).toEqual(CANDLE);
});
