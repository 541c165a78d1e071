/** Which keys belong to what has the focus, and not to the page. */

import { isTextField } from '../../shared/ticket/keyboard-focus';

export interface Claims {
  letters: boolean;
  arrows: boolean;
  enter: boolean;
  escape: boolean;
}

export const NO_CLAIMS: Claims = { letters: false, arrows: false, enter: false, escape: false };

/** Controls that are moved by the arrows, and do what they do by Enter. */
const MOVED = '[role=separator], [role=tab], [role=slider], [role=option], [role=menuitem]';
/** Escape leaves the notices: it must not cancel an order as well. */
const NOTICES = '[data-sonner-toaster]';

export function claimsOf(element: EventTarget | null): Claims {
  if (!(element instanceof Element)) return NO_CLAIMS;
  const isNotice = element.closest(NOTICES) !== null;
  if (isTextField(element) || element.matches('select')) {
    return { letters: true, arrows: true, enter: true, escape: isNotice };
  }
  const moved = element.matches(MOVED);
  return {
    letters: false,
    arrows: moved || element.matches('input[type=radio], input[type=range]') || scrolls(element),
    enter: moved || element.matches('button, a, summary'),
    escape: isNotice,
  };
}

/** What the keyboard was brought to in order to scroll it. A click brings the keyboard nowhere. */
function scrolls(element: Element): boolean {
  return (
    element !== document.body &&
    element.scrollHeight > element.clientHeight &&
    element.matches('[tabindex], .panel-body') &&
    element.matches(':focus-visible')
  );
}
