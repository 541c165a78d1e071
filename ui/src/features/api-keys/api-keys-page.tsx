/** The keys that one's bots sign with. */

import { type FormEvent, useState } from 'react';
import type { Model } from '../../shared/api/answer';
import { useUser } from '../../shared/live/live-context';
import { dateClockText } from '../../shared/time-text';
import { ConfirmDialog } from '../../shared/view/confirm-dialog';
import { Loaded } from '../../shared/view/loaded';
import { Panel } from '../../shared/view/panel';
import { useApiKeys } from './use-api-keys';
import './api-keys.css';

export function ApiKeysPage() {
  const user = useUser();
  const { list, create, revoke } = useApiKeys();
  const [revoking, setRevoking] = useState<Model<'ApiKeyInfo'> | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    create.mutate({ label: String(form.get('label')), can_trade: form.get('trade') === 'on' });
    event.currentTarget.reset();
  };
  if (!user) return <p className="nothing">Log in to see your API keys.</p>;
  const made = create.data;
  return (
    <Panel title="API keys" className="api-keys">
      <form onSubmit={submit}>
        <label>
          For <input name="label" required maxLength={64} placeholder="my bot" />
        </label>
        <label>
          <input name="trade" type="checkbox" defaultChecked /> may trade
        </label>
        <button type="submit" disabled={create.isPending}>
          Make a key
        </button>
      </form>
      <p role="alert">{(create.error ?? revoke.error)?.message}</p>
      {made && (
        <div className="new-key" role="status">
          <p>Copy the secret now: it is never shown again.</p>
          <dl>
            <dt>Key</dt>
            <dd>
              <code>{made.api_key}</code>
            </dd>
            <dt>Secret</dt>
            <dd>
              <code>{made.secret}</code>
            </dd>
          </dl>
        </div>
      )}
      <Loaded asked={list} none="No API keys.">
        {(keys) => <KeyTable keys={keys} onRevoke={setRevoking} />}
      </Loaded>
      {revoking && (
        <ConfirmDialog
          title={`Revoke the key for ${revoking.label}?`}
          action="Revoke the key"
          onConfirm={() => revoke.mutate(revoking.api_key)}
          onClose={() => setRevoking(null)}
        >
          <p>
            Whoever signs with <code>{revoking.api_key.slice(0, 12)}…</code> is refused from now on.
            A revoked key does not come back.
          </p>
        </ConfirmDialog>
      )}
    </Panel>
  );
}

interface KeyTableProps {
  keys: readonly Model<'ApiKeyInfo'>[];
  onRevoke: (key: Model<'ApiKeyInfo'>) => void;
}

function KeyTable({ keys, onRevoke }: KeyTableProps) {
  return (
    <table className="rows">
      <caption className="unseen">API keys</caption>
      <thead>
        <tr>
          <th scope="col">For</th>
          <th scope="col">Key</th>
          <th scope="col">May trade</th>
          <th scope="col">Made</th>
          <th scope="col">
            <span className="unseen">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key.api_key}>
            <td>{key.label}</td>
            <td>
              <code>{key.api_key.slice(0, 12)}…</code>
            </td>
            <td>{key.can_trade ? 'yes' : 'no'}</td>
            <td>{dateClockText(key.created_at_ms)}</td>
            <td>
              <button type="button" onClick={() => onRevoke(key)}>
                Revoke
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
