/** Which key does what. A key that belongs to what has the focus does nothing here. */

import type { Claims } from './claims';

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
  | 'centre ladder'
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
  { key: 'c', action: 'centre ladder', text: 'Ladder back to the best prices' },
  { key: '?', action: 'show keys', text: 'Show the keys' },
];

/** What costs or undoes something is done once, however long its key is held. */
const ONCE = new Set<Action>(['send', 'cancel last', 'cancel all']);

interface Pressed {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  /** The key is held: the press is none of the hand's. */
  repeat: boolean;
}

/** `claims`: the keys of what has the focus. */
export function actionOf(pressed: Pressed, claims: Claims): Action | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null;
  const found = KEYS.find((key) => matches(key, pressed));
  if (!found || claims[kindOf(found.key)]) return null;
  return pressed.repeat && ONCE.has(found.action) ? null : found.action;
}

function kindOf(key: string): keyof Claims {
  if (key === 'Enter') return 'enter';
  if (key === 'Escape') return 'escape';
  return key.startsWith('Arrow') ? 'arrows' : 'letters';
}

function matches(key: Key, pressed: Pressed): boolean {
  if (key.key === 'Escape')
    return pressed.key === 'Escape' && pressed.shiftKey === Boolean(key.shift);
  return key.key === pressed.key || key.key === pressed.key.toLowerCase();
}
