/** The audit trail's two questions: what did a user do, and what failed in a market. */

import { type FormEvent, useState } from 'react';
import { useUser } from '../../shared/live/live-context';
import { Panel } from '../../shared/view/panel';
import { useLines } from './get-lines';
import { LineTable } from './line-table';
import { type Kind, PAGE, type Question, questionOf } from './question';
import './compliance.css';

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
    <Panel title="Audit trail" className="compliance">
      <form onSubmit={ask}>
        <select
          aria-label="Question"
          value={draft.kind}
          onChange={(event) => change({ kind: event.target.value as Kind })}
        >
          <option value="actions">All actions of user</option>
          <option value="failures">Failures in market</option>
        </select>
        <input
          aria-label={draft.kind === 'actions' ? 'User id' : 'Symbol'}
          required
          placeholder={draft.kind === 'actions' ? 'user id' : 'BTCUSDT'}
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
  );
}
