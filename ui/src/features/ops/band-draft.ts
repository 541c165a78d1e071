/** A price band as ops type it: per cent below and above the last price, text until it is sent. */

import Big from 'big.js';
import type { Model } from '../../shared/api/answer';
import type { Market } from '../../shared/markets/markets';
import {
  type Multipliers,
  multiplierAbove,
  multiplierBelow,
  percentAbove,
  percentBelow,
} from './bands';

export type Edge = 'bid_down' | 'bid_up' | 'ask_down' | 'ask_up';
export type BandDraft = Readonly<Record<Edge, string>>;

export const EDGES: ReadonlyArray<readonly [edge: Edge, label: string]> = [
  ['bid_down', 'A bid: per cent below the last price'],
  ['bid_up', 'A bid: per cent above the last price'],
  ['ask_down', 'An ask: per cent below the last price'],
  ['ask_up', 'An ask: per cent above the last price'],
];

/** What the gateway takes: 0.01 to 0.999 and 1.001 to 100 times the last price. */
const LEAST = '0.1';
const MOST = { down: '99', up: '9900' };
const PERCENT = /^\d{1,5}(\.\d{1,4})?$/;

/** The band that holds; empty where there is none. */
export function draftOf({ bidBand, askBand }: Market): BandDraft {
  const [bidDown, bidUp] = bidBand;
  const [askDown, askUp] = askBand;
  return {
    bid_down: bidDown && percentBelow(bidDown),
    bid_up: bidUp && percentAbove(bidUp),
    ask_down: askDown && percentBelow(askDown),
    ask_up: askUp && percentAbove(askUp),
  };
}

/** Why one edge cannot be sent, null where it can. */
export function edgeProblem(edge: Edge, text: string): string | null {
  const most = edge.endsWith('down') ? MOST.down : MOST.up;
  const range = `${LEAST} to ${most} per cent`;
  if (!PERCENT.test(text.trim())) return `Enter ${range}, with at most 4 decimals.`;
  const percent = Big(text.trim());
  return percent.lt(LEAST) || percent.gt(most) ? `It must be ${range}.` : null;
}

/** The body of PUT /v1/markets/{symbol}/band; null while an edge cannot be sent. */
export function bandOf(draft: BandDraft): Model<'BandRequest'> | null {
  if (EDGES.some(([edge]) => edgeProblem(edge, draft[edge]) !== null)) return null;
  return {
    bid_down: multiplierBelow(draft.bid_down.trim()),
    bid_up: multiplierAbove(draft.bid_up.trim()),
    ask_down: multiplierBelow(draft.ask_down.trim()),
    ask_up: multiplierAbove(draft.ask_up.trim()),
  };
}

/** The two sides of a band as the gateway writes them, bids first. */
export function sidesOf(band: Model<'BandFigures'>): readonly [Multipliers, Multipliers] {
  return [
    [band.bid_down, band.bid_up],
    [band.ask_down, band.ask_up],
  ];
}
