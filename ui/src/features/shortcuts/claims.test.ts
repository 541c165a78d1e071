import { expect, test, vi } from 'vitest';
import { claimsOf } from './claims';

function claims(html: string): string {
  document.body.innerHTML = html;
  const claimed = Object.entries(claimsOf(document.body.firstElementChild));
  return claimed.flatMap(([keys, isClaimed]) => (isClaimed ? [keys] : [])).join(' ');
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

test('Escape among the notices leaves them, and cancels nothing', () => {
  document.body.innerHTML = '<ol data-sonner-toaster><li><button>Close</button></li></ol>';
  expect(claimsOf(document.querySelector('button'))).toMatchObject({ enter: true, escape: true });
});

test.each([
  ['by the keyboard', 400, true, true],
  ['by a click', 400, false, false],
  ['by the keyboard, where all is in sight', 100, true, false],
])('arrows scroll what was reached %s', (_, scrollHeight, byKeyboard, claimed) => {
  document.body.innerHTML = '<div role="list" tabindex="0"></div>';
  const list = document.body.firstElementChild as HTMLElement;
  vi.spyOn(list, 'scrollHeight', 'get').mockReturnValue(scrollHeight);
  vi.spyOn(list, 'clientHeight', 'get').mockReturnValue(100);
  vi.spyOn(list, 'matches').mockImplementation(
    (selector) =>
      (selector === ':focus-visible' && byKeyboard) || selector.startsWith('[tabindex]'),
  );
  expect(claimsOf(list).arrows).toBe(claimed);
});

test('without a focus no key belongs to anyone', () => {
  expect(Object.values(claimsOf(window)).some(Boolean)).toBe(false);
});
