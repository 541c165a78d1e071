/** Lines of the trail; a line opens to what was recorded. */

import type { Model } from '../../shared/api/answer';

export function LineTable({ lines }: { lines: readonly Model<'AuditLineInfo'>[] }) {
  if (!lines.length) return <p className="nothing">No lines.</p>;
  return (
    <table className="rows trail">
      <caption className="unseen">Lines of the audit trail</caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">User</th>
          <th scope="col">Address</th>
          <th scope="col">Action</th>
          <th scope="col">Of</th>
          <th scope="col">Outcome</th>
          <th scope="col">Recorded</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.id}>
            <td>{new Date(line.at_ms).toLocaleString()}</td>
            <td>{line.user_id ?? 'exchange'}</td>
            <td>{line.ip ?? '–'}</td>
            <td>{line.action}</td>
            <td>
              {line.resource_type} {line.resource_id}
            </td>
            <td className={line.outcome}>
              {line.outcome === 'FAILURE' ? '✗' : '✓'} {line.outcome}
            </td>
            <td>
              <details>
                <summary>{line.id}</summary>
                <pre>{JSON.stringify(line.payload, null, 2)}</pre>
              </details>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
