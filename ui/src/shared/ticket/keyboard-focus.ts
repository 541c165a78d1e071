/** Who has the keyboard: text that is typed, a control with keys of its own, or the whole page. */

/** Inputs that are no text: they are chosen or pressed. */
const NOT_TYPED = new Set(['radio', 'checkbox', 'button', 'submit', 'reset', 'range', 'color']);

export function isTextField(element: Element): boolean {
  if (element instanceof HTMLInputElement) return !NOT_TYPED.has(element.type);
  return (
    element instanceof HTMLTextAreaElement ||
    (element instanceof HTMLElement && element.isContentEditable)
  );
}

/**
 * For a price's `onMouseDown`: the click takes no focus, and a control that has it lets go, so
 * that the next Enter sends the ticket instead of pressing something once more.
 */
export function leaveKeyboard(event: { preventDefault: () => void }): void {
  event.preventDefault();
  const focused = document.activeElement;
  if (focused instanceof HTMLElement && !isTextField(focused)) focused.blur();
}
