/** Sagas as Temporal finds them, with a way to each. */

import { useState } from 'react';
import { clockText } from '../../shared/time-text';
import { Panel } from '../../shared/view/panel';
import { Tabs } from '../../shared/view/tabs';
import { webUrl } from '../../shared/web-url';
import { SHOWN, type Shown, useSagas } from './get-sagas';

export function SagaTable({ temporalUi }: { temporalUi: string | null }) {
  const [show, setShow] = useState<Shown>('running');
  const { data, error } = useSagas(show);
  return (
    <Panel
      title="Sagas"
      controls={<Tabs tabs={SHOWN} chosen={show} onChoose={setShow} />}
      className="sagas"
    >
      {error && <p role="alert">{error.message}</p>}
      {data?.length === 0 && <p className="nothing">None.</p>}
      {data && data.length > 0 && (
        <table className="rows">
          <caption className="unseen">Sagas: {show}</caption>
          <thead>
            <tr>
              <th scope="col">Workflow</th>
              <th scope="col">Market</th>
              <th scope="col">User</th>
              <th scope="col">Saga</th>
              <th scope="col">Workflow is</th>
              <th scope="col">Began</th>
              <th scope="col">Ended</th>
            </tr>
          </thead>
          <tbody>
            {data.map((saga) => (
              <tr key={`${saga.workflow_id} ${saga.started_at_ms}`}>
                <td>
                  <WorkflowLink temporalUi={temporalUi} workflowId={saga.workflow_id} />
                </td>
                <td>{saga.symbol}</td>
                <td>{saga.user_id}</td>
                <td>{saga.state}</td>
                <td>{saga.status}</td>
                <td>{clockText(saga.started_at_ms)}</td>
                <td>{saga.closed_at_ms ? clockText(saga.closed_at_ms) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function WorkflowLink({
  temporalUi,
  workflowId,
}: {
  temporalUi: string | null;
  workflowId: string;
}) {
  const path = `/namespaces/default/workflows/${encodeURIComponent(workflowId)}`;
  const url = temporalUi && webUrl(temporalUi + path);
  if (!url) return <code>{workflowId}</code>;
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {workflowId}
    </a>
  );
}
