/** Which keys belong to what has the focus, and not to the page. */

import { isTextField } from '../../shared/ticket/keyboard-focus';

export interface Claims {
  letters: boolean;
  arrows: boolean;
  enter: boolean;
}

export const NO_CLAIMS: Claims = { letters: false, arrows: false, enter: false };

/** Controls that are moved by the arrows, and do what they do by Enter. */
const MOVED = '[role=separator], [role=tab], [role=slider], [role=option], [role=menuitem]';

export function claimsOf(element: EventTarget | null): Claims {
  if (!(element instanceof Element)) return NO_CLAIMS;
  if (isTextField(element) || element.matches('select')) {
    return { letters: true, arrows: true, enter: true };
  }
  const moved = element.matches(MOVED);
  return {
    letters: false,
    arrows: moved || element.matches('input[type=radio], input[type=range]'),
    enter: moved || element.matches('button, a, summary'),
  };
}
