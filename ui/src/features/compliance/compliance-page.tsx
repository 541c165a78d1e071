/** The audit trail: do its chains hold, what did a user do, what failed in a market. */

import { type FormEvent, useState } from 'react';
import { useUser } from '../../shared/live/live-context';
import { Panel } from '../../shared/view/panel';
import { ChainCheck } from './chain-check';
import { useLines } from './get-lines';
import { LineTable } from './line-table';
import { type Kind, PAGE, type Question, questionOf } from './question';
import './compliance.css';

const SUBJECTS: Record<Kind, { label: string; example: string }> = {
  named: { label: 'User name', example: 'alice' },
  actions: { label: 'User id', example: 'user id' },
  failures: { label: 'Symbol', example: 'BTCUSDT' },
};

export function CompliancePage() {
  const user = useUser();
  const [draft, setDraft] = useState(() => questionOf(Date.now()));
  const [asked, setAsked] = useState<Question | null>(null);
  const [page, setPage] = useState(0);
  const { data, error, isFetching } = useLines(asked, page);
  if (user?.role !== 'compliance') {
    return <p className="nothing">This page is for the role compliance.</p>;
  }
  const change = (changes: Partial<Question>) => setDraft({ ...draft, ...changes });
  const ask = (event: FormEvent) => {
    event.preventDefault();
    setPage(0);
    setAsked(draft);
  };
  return (
    <div className="compliance">
      <ChainCheck />
      <Panel title="Audit trail">
        <form onSubmit={ask}>
          <select
            aria-label="Question"
            value={draft.kind}
            onChange={(event) => change({ kind: event.target.value as Kind })}
          >
            <option value="named">All actions of user (name)</option>
            <option value="actions">All actions of user (id)</option>
            <option value="failures">Failures in market</option>
          </select>
          <input
            aria-label={SUBJECTS[draft.kind].label}
            required
            placeholder={SUBJECTS[draft.kind].example}
            value={draft.subject}
            onChange={(event) => change({ subject: event.target.value.trim() })}
          />
          <label>
            from
            <input
              type="datetime-local"
              required
              value={draft.from}
              onChange={(event) => change({ from: event.target.value })}
            />
          </label>
          <label>
            to
            <input
              type="datetime-local"
              required
              value={draft.to}
              onChange={(event) => change({ to: event.target.value })}
            />
          </label>
          <button type="submit" disabled={isFetching}>
            Ask
          </button>
        </form>
        {error && <p role="alert">{error.message}</p>}
        {data && <LineTable lines={data} />}
        {data && (
          <div className="pages-of-lines">
            <button type="button" disabled={page === 0} onClick={() => setPage(page - 1)}>
              Earlier lines
            </button>
            <button type="button" disabled={data.length < PAGE} onClick={() => setPage(page + 1)}>
              Later lines
            </button>
          </div>
        )}
      </Panel>
    </div>
  );
}
