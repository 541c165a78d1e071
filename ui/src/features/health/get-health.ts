/** GET /v1/health, polled. A failed poll is an answer too, so the query itself never fails. */

import { queryOptions } from '@tanstack/react-query';
import { type HealthReport, parseHealthReport, ReportNotUnderstood } from './health-report';
import {
  afterFailure,
  afterReport,
  type HealthWatch,
  NOTHING_SEEN,
  POLL_INTERVAL_MS,
  POLL_TIMEOUT_MS,
  type PollFailure,
} from './health-watch';

const HEALTH_PATH = '/v1/health';
const HEALTH_KEY = ['health'] as const;
/** What a proxy in front of the gateway says when there is nobody behind it. */
const NOBODY_THERE = [502, 504];

export const healthQuery = queryOptions({
  queryKey: HEALTH_KEY,
  queryFn: async ({ client, signal }): Promise<HealthWatch> => {
    try {
      return afterReport(await getHealth(signal), Date.now());
    } catch (error) {
      // Cancelled by the page, not failed: the query client must hear of it.
      if (signal.aborted) throw error;
      const before = client.getQueryData<HealthWatch>(HEALTH_KEY) ?? NOTHING_SEEN;
      return afterFailure(before, pollFailure(error), Date.now());
    }
  },
  refetchInterval: POLL_INTERVAL_MS,
  // The gateway may be on this machine: a browser that is "offline" can still reach it.
  networkMode: 'always',
  retry: false,
});

class GatewayAbsent extends Error {}

async function getHealth(signal: AbortSignal): Promise<HealthReport> {
  const response = await fetch(HEALTH_PATH, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(POLL_TIMEOUT_MS)]),
    headers: { accept: 'application/json' },
    cache: 'no-store',
  });
  const body = await response.text();
  try {
    // A platform that is down may say so with a 503: the body counts, not the number.
    return parseHealthReport(JSON.parse(body));
  } catch (error) {
    if (NOBODY_THERE.includes(response.status)) throw new GatewayAbsent(answered(response));
    if (!response.ok) throw new ReportNotUnderstood(answered(response));
    const reason = error instanceof ReportNotUnderstood ? error.message : 'the body is not JSON';
    throw new ReportNotUnderstood(`The gateway's answer is not a health report: ${reason}.`);
  }
}

function answered(response: Response): string {
  return `GET ${HEALTH_PATH} answered HTTP ${response.status}.`;
}

function pollFailure(error: unknown): PollFailure {
  if (error instanceof ReportNotUnderstood) return { kind: 'unreadable', detail: error.message };
  return { kind: 'unreachable', detail: absenceText(error) };
}

function absenceText(error: unknown): string {
  if (error instanceof GatewayAbsent) return error.message;
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return `GET ${HEALTH_PATH} got no answer within ${POLL_TIMEOUT_MS / 1_000} s.`;
  }
  return `GET ${HEALTH_PATH} could not connect.`;
}
