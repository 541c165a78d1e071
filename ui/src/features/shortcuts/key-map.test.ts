import { expect, test } from 'vitest';
import { actionOf } from './key-map';

const pressed = (key: string, changes = {}) =>
  actionOf({
    key,
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    tag: 'BODY',
    ...changes,
  });

test.each([
  ['b', 'buy'],
  ['S', 'sell'],
  ['ArrowUp', 'price up'],
  ['ArrowLeft', 'quantity down'],
  ['Enter', 'send'],
  ['Escape', 'cancel last'],
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

test('in a field keys are text, and Escape is Escape', () => {
  expect(pressed('b', { tag: 'INPUT' })).toBeNull();
  expect(pressed('Enter', { tag: 'INPUT' })).toBeNull();
  expect(pressed('Escape', { tag: 'INPUT' })).toBe('cancel last');
});

test('Enter on a button presses that button', () => {
  expect(pressed('Enter', { tag: 'BUTTON' })).toBeNull();
});
