import { expect, test } from 'vitest';
import { NO_CLAIMS } from './claims';
import { actionOf } from './key-map';

const PLAIN = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, repeat: false };
const pressed = (key: string, changes = {}, claims = {}) =>
  actionOf({ key, ...PLAIN, ...changes }, { ...NO_CLAIMS, ...claims });

test.each([
  ['b', 'buy'],
  ['S', 'sell'],
  ['ArrowUp', 'price up'],
  ['ArrowLeft', 'quantity down'],
  ['Enter', 'send'],
  ['Escape', 'cancel last'],
  ['c', 'centre ladder'],
  ['?', 'show keys'],
  ['x', null],
] as const)('%s: %s', (key, action) => {
  expect(pressed(key)).toBe(action);
});

test('with Shift, Escape cancels all', () => {
  expect(pressed('Escape', { shiftKey: true })).toBe('cancel all');
});

test("the browser's own combinations are left to it", () => {
  expect(pressed('s', { ctrlKey: true })).toBeNull();
});

test('a held key moves figures on, and sends and cancels nothing', () => {
  const held = (key: string, changes = {}) => pressed(key, { repeat: true, ...changes });
  expect(held('Enter')).toBeNull();
  expect(held('Escape')).toBeNull();
  expect(held('Escape', { shiftKey: true })).toBeNull();
  expect([held('ArrowUp'), held('ArrowLeft')]).toEqual(['price up', 'quantity down']);
});

test('what belongs to the focus does nothing here; Escape belongs to it where it leaves something', () => {
  const all = { letters: true, arrows: true, enter: true };
  expect(['b', '?', 'ArrowUp', 'Enter'].map((key) => pressed(key, {}, all))).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect(pressed('Escape', {}, all)).toBe('cancel last');
  expect(pressed('Escape', {}, { escape: true })).toBeNull();
  expect(pressed('Escape', { shiftKey: true }, { escape: true })).toBeNull();
  expect(pressed('Enter', {}, { arrows: true })).toBe('send');
  expect(pressed('ArrowUp', {}, { enter: true })).toBe('price up');
});
