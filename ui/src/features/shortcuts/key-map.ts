/** Which key does what. A key pressed in a field is text there, but for Enter and Escape. */

export type Action =
  | 'buy'
  | 'sell'
  | 'price up'
  | 'price down'
  | 'quantity up'
  | 'quantity down'
  | 'send'
  | 'cancel last'
  | 'cancel all'
  | 'show keys';

export interface Key {
  key: string;
  shift?: boolean;
  action: Action;
  text: string;
}

export const KEYS: readonly Key[] = [
  { key: 'b', action: 'buy', text: 'Buy' },
  { key: 's', action: 'sell', text: 'Sell' },
  { key: 'ArrowUp', action: 'price up', text: 'Price up by a tick' },
  { key: 'ArrowDown', action: 'price down', text: 'Price down by a tick' },
  { key: 'ArrowRight', action: 'quantity up', text: 'Quantity up by a lot' },
  { key: 'ArrowLeft', action: 'quantity down', text: 'Quantity down by a lot' },
  { key: 'Enter', action: 'send', text: 'Send the order' },
  { key: 'Escape', action: 'cancel last', text: 'Cancel the last order' },
  { key: 'Escape', shift: true, action: 'cancel all', text: 'Cancel all orders of the market' },
  { key: '?', action: 'show keys', text: 'Show the keys' },
];

const IN_FIELDS = new Set<Action>(['cancel last', 'cancel all']);
const BY_THEMSELVES = new Set(['BUTTON', 'A', 'SUMMARY']);

interface Pressed {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  /** The tag of what has the focus. */
  tag: string;
}

export function actionOf(pressed: Pressed): Action | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null;
  const found = KEYS.find((key) => matches(key, pressed));
  if (!found) return null;
  const field = ['INPUT', 'SELECT', 'TEXTAREA'].includes(pressed.tag);
  if (field) return IN_FIELDS.has(found.action) ? found.action : null;
  // Enter on a button presses it.
  return found.action === 'send' && BY_THEMSELVES.has(pressed.tag) ? null : found.action;
}

function matches(key: Key, pressed: Pressed): boolean {
  if (key.key === 'Escape')
    return pressed.key === 'Escape' && pressed.shiftKey === Boolean(key.shift);
  return key.key === pressed.key || key.key === pressed.key.toLowerCase();
}
