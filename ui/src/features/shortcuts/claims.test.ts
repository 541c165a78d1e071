import { expect, test } from 'vitest';
import { claimsOf } from './claims';

function claims(html: string): string {
  document.body.innerHTML = html;
  const { letters, arrows, enter } = claimsOf(document.body.firstElementChild);
  return [letters && 'letters', arrows && 'arrows', enter && 'enter'].filter(Boolean).join(' ');
}

test.each([
  ['<input>', 'letters arrows enter'],
  ['<input type="password">', 'letters arrows enter'],
  ['<textarea></textarea>', 'letters arrows enter'],
  ['<select></select>', 'letters arrows enter'],
  ['<input type="radio">', 'arrows'],
  ['<input type="range">', 'arrows'],
  ['<input type="checkbox">', ''],
  ['<button></button>', 'enter'],
  ['<a href="/"></a>', 'enter'],
  ['<button role="tab"></button>', 'arrows enter'],
  ['<div role="separator" tabindex="0"></div>', 'arrows enter'],
  ['<div></div>', ''],
])('%s claims: %s', (html, keys) => {
  expect(claims(html)).toBe(keys);
});

test('without a focus no key belongs to anyone', () => {
  expect(claimsOf(window)).toEqual({ letters: false, arrows: false, enter: false });
});
