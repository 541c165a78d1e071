/**
 * Tabs that hold one session, because one was duplicated from the other: a refresh token works
 * once, so whoever renews tells the others what came of it.
 */

import type { Model } from '../api/answer';

const CHANNEL = 'tradeflow.session';
/** A tab that has slept may wake to its timers before it hears what was told meanwhile. */
const HEARD_WITHIN_MS = 50;

export interface Renewed {
  /** The refresh token that was given for these. */
  used: string;
  tokens: Model<'Tokens'>;
  /** Milliseconds since 1970: a tab that slept hears of them when they may be over. */
  expiresAtMs: number;
}

export interface Tabs {
  tell: (renewed: Renewed) => void;
  listen: (listener: (renewed: Renewed) => void) => void;
  /** Resolves once what others have told is heard. */
  heard: () => Promise<void>;
}

export const NO_OTHER_TABS: Tabs = {
  tell: () => undefined,
  listen: () => undefined,
  heard: () => Promise.resolve(),
};

/** The tabs of this browser at this address. */
export function otherTabs(): Tabs {
  if (typeof BroadcastChannel === 'undefined') return NO_OTHER_TABS;
  const channel = new BroadcastChannel(CHANNEL);
  return {
    tell: (renewed) => channel.postMessage(renewed),
    listen: (listener) => {
      channel.onmessage = ({ data }: MessageEvent<Renewed>) => listener(data);
    },
    heard: () => new Promise((resolve) => setTimeout(resolve, HEARD_WITHIN_MS)),
  };
}
