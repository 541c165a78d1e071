/** What compliance asks, as the form holds it and as the gateway takes it. */

export type Kind = 'actions' | 'named' | 'failures';

export interface Question {
  kind: Kind;
  /** The user's id or name, or the market's symbol. */
  subject: string;
  /** Local time, as a datetime-local field has it. */
  from: string;
  to: string;
}

export const PAGE = 200;

const DAY_MS = 86_400_000;

export function questionOf(nowMs: number): Question {
  return {
    kind: 'named',
    subject: '',
    from: fieldTime(nowMs - DAY_MS),
    to: fieldTime(nowMs + 60_000),
  };
}

/** The path and parameters of the question's page; null where something is missing. */
export function requestOf(question: Question, page: number) {
  const start = Date.parse(question.from);
  const end = Date.parse(question.to);
  if (!question.subject || Number.isNaN(start) || Number.isNaN(end)) return null;
  const span = { start, end, skip: page * PAGE, limit: PAGE };
  switch (question.kind) {
    case 'actions':
      return { path: '/v1/audit/actions', parameters: { user_id: question.subject, ...span } };
    case 'named': {
      const username = question.subject.toLowerCase();
      return { path: '/v1/audit/actions', parameters: { username, ...span } };
    }
    case 'failures': {
      const symbol = question.subject.toUpperCase();
      return { path: '/v1/audit/failures', parameters: { symbol, ...span } };
    }
  }
}

function fieldTime(atMs: number): string {
  const local = new Date(atMs - new Date(atMs).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
