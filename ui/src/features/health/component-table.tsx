import { type ComponentGroup, componentName } from './component-names';
import type { ComponentHealth, ComponentStatus } from './health-report';
import type { Tone } from './health-summary';
import { latencyText } from './latency-text';
import { StatusSign } from './status-sign';

const STATUS: Readonly<Record<ComponentStatus, { tone: Tone; now: string; before: string }>> = {
  ok: { tone: 'good', now: 'OK', before: 'was OK' },
  down: { tone: 'bad', now: 'Down', before: 'was down' },
};

interface ComponentTableProps {
  group: ComponentGroup;
  stale: boolean;
}

export function ComponentTable({ group, stale }: ComponentTableProps) {
  return (
    <table className="card" data-stale={stale}>
      <caption>
        {group.title}
        {stale && <span className="caption-note">last report, not current</span>}
      </caption>
      <thead>
        <tr>
          <th scope="col">Component</th>
          <th scope="col" className="state">
            Status
          </th>
          <th scope="col" className="number">
            Latency
          </th>
        </tr>
      </thead>
      <tbody>
        {group.components.map((component) => (
          <ComponentRow key={component.name} component={component} stale={stale} />
        ))}
      </tbody>
    </table>
  );
}

function ComponentRow({ component, stale }: { component: ComponentHealth; stale: boolean }) {
  const { label, purpose } = componentName(component.name);
  const status = STATUS[component.status];
  return (
    <tr data-tone={status.tone}>
      <th scope="row">
        {label}
        {purpose && <span className="purpose">{purpose}</span>}
        {component.detail && <span className="detail">{component.detail}</span>}
      </th>
      <td>
        <span className="status">
          <StatusSign tone={status.tone} />
          {stale ? status.before : status.now}
        </span>
      </td>
      <td className="number">
        {component.latency_ms === null ? (
          <>
            <span aria-hidden="true">–</span>
            <span className="spoken">not measured</span>
          </>
        ) : (
          latencyText(component.latency_ms)
        )}
      </td>
    </tr>
  );
}
