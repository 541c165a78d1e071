import { expect, test, vi } from 'vitest';
import { leaveKeyboard } from './keyboard-focus';

function focused(html: string): HTMLElement {
  document.body.innerHTML = html;
  const element = document.body.firstElementChild as HTMLElement;
  element.focus();
  expect(document.activeElement).toBe(element);
  return element;
}

test.each(['<button></button>', '<select></select>', '<input type="checkbox">'])(
  'after a click on a price, Enter is not for %s',
  (html) => {
    focused(html);
    const event = { preventDefault: vi.fn() };
    leaveKeyboard(event);
    expect(event.preventDefault).toHaveBeenCalledOnce();
    expect(document.activeElement).toBe(document.body);
  },
);

test('what is typed stays where it is typed', () => {
  const field = focused('<input name="quantity">');
  leaveKeyboard({ preventDefault: () => undefined });
  expect(document.activeElement).toBe(field);
});
