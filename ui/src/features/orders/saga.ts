/** How far an order's saga has come, in the words of the exchange. */

import type { Model } from '../../shared/api/answer';

export type Saga = Model<'SagaInfo'>;

export type StepKind = 'done' | 'undone' | 'refused' | 'waiting';

export interface ShownStep {
  name: string;
  text: string;
  detail: string;
  /** Since the first step, in ms. */
  afterMs: number;
  kind: StepKind;
}

const TEXTS: Readonly<Record<string, string>> = {
  registered: 'Pending validation',
  funds_reserved: 'Funds reserved',
  funds_refused: 'Refused: funds',
  submitted: 'Submitted to matching',
  awaiting_engine: 'Waiting for matching',
  engine_silent: 'Matching is silent: cancelling',
  cancelled_in_engine: 'Taken off the book',
  order_open: 'Open',
  order_partially_filled: 'Partially filled',
  order_filled: 'Filled',
  order_rejected: 'Refused by matching',
  order_cancelled: 'Cancelled',
  order_expired: 'Expired',
  amended: 'Amended',
  released: 'Funds released',
  finalized: 'Finalized',
  repeated: 'The same request again',
  incident: 'Incident: people must look',
  broken: 'Broken: people must look',
};
const REFUSALS = new Set(['funds_refused', 'order_rejected', 'broken', 'incident']);
const COMPENSATION = 'released';
const ENDED = new Set(['COMPLETED', 'FAILED', 'INCIDENT']);

export function shownSteps(saga: Saga): ShownStep[] {
  const began = saga.steps[0]?.at_ms ?? 0;
  const refused = saga.steps.some((step) => REFUSALS.has(step.name));
  const steps = saga.steps.map((step): ShownStep => {
    const undone = refused && step.name === COMPENSATION;
    return {
      name: step.name,
      text: TEXTS[step.name] ?? step.name.replaceAll('_', ' '),
      detail: step.detail,
      afterMs: step.at_ms - began,
      kind: REFUSALS.has(step.name) ? 'refused' : undone ? 'undone' : 'done',
    };
  });
  if (ENDED.has(saga.state)) return steps;
  const waiting = { name: 'waiting', text: `${saga.state} …`, detail: '', afterMs: -1 };
  return [...steps, { ...waiting, kind: 'waiting' }];
}
