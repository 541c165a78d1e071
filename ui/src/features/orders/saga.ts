/** How far an order's saga has come, in the words of the exchange. */

import type { Model } from '../../shared/api/answer';
import { ApiError } from '../../shared/api/api-error';
import { inWords, stepText } from './words';

export type SagaStep = Model<'SagaInfo'>['steps'][number];

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

const REFUSALS = new Set(['funds_refused', 'order_rejected', 'broken', 'incident']);
/** A saga finalizes a moment after its last report. */
const REFRESH_MS = 2_000;
const INCIDENT_REFRESH_MS = 30_000;
/** A saga that is no longer kept never comes back. */
const NOT_FOUND = 404;
const COMPENSATION = 'released';
/** Nothing more happens by itself; an incident waits for people. */
const ENDED = new Set(['COMPLETED', 'FAILED', 'INCIDENT']);

export function shownSteps(saga: Pick<Saga, 'state' | 'steps'>): ShownStep[] {
  const began = saga.steps[0]?.at_ms ?? 0;
  const refused = saga.steps.some((step) => REFUSALS.has(step.name));
  const steps = saga.steps.map((step): ShownStep => {
    const undone = refused && step.name === COMPENSATION;
    return {
      name: step.name,
      text: stepText(step.name),
      detail: inWords(step.detail),
      afterMs: step.at_ms - began,
      kind: REFUSALS.has(step.name) ? 'refused' : undone ? 'undone' : 'done',
    };
  });
  if (ENDED.has(saga.state)) return steps;
  const waiting = { name: 'waiting', text: inWords(saga.state), detail: '', afterMs: -1 };
  return [...steps, { ...waiting, kind: 'waiting' }];
}

/** How long to wait before asking again; false where nothing can have changed. */
export function askAgainMs(state: string | undefined, error: Error | null): number | false {
  if (error instanceof ApiError && error.status === NOT_FOUND) return false;
  if (state === 'COMPLETED' || state === 'FAILED') return false;
  return state === 'INCIDENT' ? INCIDENT_REFRESH_MS : REFRESH_MS;
}
